import type { MigrationDeps } from './migration-deps.ts';
import type { MigrationPlan } from './plan.ts';

/**
 * What Keep does: the old index gets its date, then the trial ends. In this order, because the trial holds the
 * date; repeated after a crash in between, it does the rest.
 */
export async function commitUpgrade(
	deps: Pick<MigrationDeps, 'setup' | 'workshop'>,
	plan: MigrationPlan
): Promise<void> {
	const trial = (await deps.setup.read())?.trial;
	if (trial?.planId !== plan.id) return;
	const { index } = trial.previous;
	const replaced = index !== plan.to.index;
	if (replaced && (await deps.workshop.indexState(index))) {
		await deps.workshop.retireIndex(index, trial.keepUntil);
	}
	await deps.setup.endTrial(plan.id);
}
