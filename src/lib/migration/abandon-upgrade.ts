import type { PlanId } from '../core/ids.ts';
import { days } from './days.ts';
import type { MigrationDeps } from './migration-deps.ts';

/**
 * The way out of a journal that cannot be read: the old setup is in use again if it was not, the new index becomes
 * garbage in time, and the journal is closed. Its entries stay for the log.
 */
export async function abandonUpgrade(deps: MigrationDeps, planId: PlanId): Promise<void> {
	const record = await deps.setup.restorePrevious(planId);
	const entries = await deps.journal.read(planId);
	for (const entry of entries) {
		if (entry.type !== 'planned') continue;
		const { to, options } = entry.plan;
		const inUse = to.index === record.current.index || to.index === record.trial?.previous.index;
		if (inUse || !(await deps.workshop.indexState(to.index))) continue;
		await deps.workshop.retireIndex(to.index, deps.clock.now() + days(options.keepDays));
	}
	const seq = (entries.at(-1)?.seq ?? -1) + 1;
	await deps.journal.append([{ type: 'rolled-back', planId, seq, at: deps.clock.now() }]);
}
