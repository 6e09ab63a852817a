import type { AdapterId } from '../core/ids.ts';
import type { Setup, SetupRecord } from '../core/setup.ts';
import type { MigrationPlan } from '../migration/plan.ts';

/** What needs that adapter now, in words. `plan` is that of an upgrade under way. */
export function adapterUsers(
	{ current, trial }: SetupRecord,
	adapter: AdapterId,
	plan: MigrationPlan | null = null
): string[] {
	const users: string[] = [];
	if (isOn(current, adapter)) users.push('your chats');
	if (isOn(trial?.previous, adapter)) users.push('the way back from the upgrade on trial');
	if (users.length === 0 && plan && isIn(plan, adapter))
		users.push('the upgrade that is under way');
	return users;
}

function isIn({ from, to, steps }: MigrationPlan, adapter: AdapterId): boolean {
	const tried = steps.flatMap((step) =>
		step.kind === 'check-adapters' ? step.params.adapters.map(({ use }) => use.adapter) : []
	);
	return isOn(from, adapter) || isOn(to, adapter) || tried.includes(adapter);
}

function isOn(setup: Setup | undefined, adapter: AdapterId): boolean {
	return setup?.adapters.some((use) => use.adapter === adapter) ?? false;
}
