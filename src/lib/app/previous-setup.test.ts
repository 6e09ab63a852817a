import { expect, test } from 'vitest';
import type { PlanId } from '../core/ids.ts';
import type { Setup, SetupRecord } from '../core/setup.ts';
import type { JournalEntry, JournalEvent } from '../migration/journal-entry.ts';
import { defaultOptions, type MigrationPlan } from '../migration/plan.ts';
import { journalOf } from '../testing/journal-of.ts';
import { setupWith } from '../testing/setup-with.ts';
import { previousSetup } from './previous-setup.ts';

const kept: readonly JournalEvent[] = [{ type: 'kept' }, { type: 'committed' }];
const undone: readonly JournalEvent[] = [
	{ type: 'rollback-requested', code: 'migration/stopped', message: '' },
	{ type: 'rolled-back' }
];
const inUse: SetupRecord = {
	...{ id: 'active', version: 1, sequence: 1, since: 0, trial: null },
	current: setupWith('3', '1')
};

/** The journal of an upgrade of the chat engine. */
function upgrade(from: string, to: string, end: readonly JournalEvent[]): JournalEntry[] {
	const plan: MigrationPlan = {
		...{ id: `${from}-${to}` as PlanId, version: 1, createdAt: 0 },
		...{ from: setupWith(from, '1'), to: setupWith(to, '1'), options: defaultOptions, steps: [] },
		needs: { downloadBytes: 0, peakBytes: 0, texts: 0 },
		effects: { kept: [], changed: [], lost: [] }
	};
	return journalOf(plan, ...end);
}

/** Newest first. */
const previous = (record: SetupRecord, ...journals: JournalEntry[][]): Promise<Setup | null> =>
	previousSetup(record, { all: async () => journals });

test('is the old setup of the trial', async () => {
	const trial = {
		...{ planId: 'p' as PlanId, startedAt: 0, keepUntil: 1, unprovenStarts: 0 },
		previous: setupWith('2', '1')
	};
	const found = await previous({ ...inUse, trial }, upgrade('1', '3', kept));
	expect(found).toEqual(setupWith('2', '1'));
});

test('is where the newest upgrade that was kept came from, when it led here', async () => {
	const found = await previous(
		inUse,
		upgrade('3', '4', undone),
		upgrade('3', '3', kept),
		upgrade('2', '3', kept),
		upgrade('1', '3', kept)
	);
	expect(found).toEqual(setupWith('2', '1'));
});

test('is not known when no upgrade has led here', async () => {
	expect(await previous(inUse)).toBeNull();
	expect(await previous(inUse, upgrade('1', '2', kept), upgrade('2', '3', undone))).toBeNull();
});

test('is found past a journal that cannot be read', async () => {
	const unreadable = upgrade('1', '3', kept).slice(1);
	expect(await previous(inUse, unreadable, upgrade('2', '3', kept))).toEqual(setupWith('2', '1'));
});
