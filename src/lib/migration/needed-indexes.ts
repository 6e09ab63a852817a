import type { IndexId } from '../core/ids.ts';
import type { SetupRecord } from '../core/setup.ts';
import { endOfUpgrade } from './end-of-upgrade.ts';
import type { JournalEntry } from './journal-entry.ts';

/** Indexes of the setup in use, of the one before it on trial, and of upgrades that are not over. */
export function neededIndexes(
	record: SetupRecord | undefined,
	journals: readonly (readonly JournalEntry[])[]
): ReadonlySet<IndexId> {
	const needed = new Set<IndexId>();
	if (record) needed.add(record.current.index);
	if (record?.trial) needed.add(record.trial.previous.index);
	for (const entries of journals) {
		const [first] = entries;
		if (first?.type !== 'planned' || endOfUpgrade(entries)) continue;
		needed.add(first.plan.from.index);
		needed.add(first.plan.to.index);
	}
	return needed;
}
