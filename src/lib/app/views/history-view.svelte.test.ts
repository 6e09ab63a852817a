import { beforeEach, expect, test, vi } from 'vitest';
import { AppError } from '../../core/errors.ts';
import type { PlanId } from '../../core/ids.ts';
import type { JournalEvent } from '../../migration/journal-entry.ts';
import type { GateReport } from '../../migration/gate-report.ts';
import { gateReportStore, snapshotStore } from '../../migration/migration-records.ts';
import { write } from '../../ports/store-write.ts';
import { journalOf, verified } from '../../testing/journal-of.ts';
import { MemoryTabHub } from '../../testing/memory-tab-channel.ts';
import { MigrationWorld, type Tab } from '../../testing/migration-world.ts';
import type { AppMessage } from '../app-message.ts';
import { ChangeFeed } from '../change-feed.ts';
import { HistoryView } from './history-view.svelte.ts';

let world: MigrationWorld;
let tab: Tab;
let feed: ChangeFeed;
let history: HistoryView;

beforeEach(async () => {
	world = await MigrationWorld.create({}, 0);
	tab = world.open();
	feed = new ChangeFeed(new MemoryTabHub<AppMessage>().join());
	history = new HistoryView({ journal: tab.journal, records: world.disk, feed });
});

/** The journal of a plan of that name, at times after the ones before. */
async function upgrade(name: string, ...events: readonly JournalEvent[]): Promise<PlanId> {
	const plan = { ...world.plan(), id: name as PlanId };
	await world.clock.advance(1000);
	const entries = journalOf(plan, ...events).map((entry) => ({
		...entry,
		at: world.clock.now() + entry.seq
	}));
	await tab.journal.append(entries);
	return plan.id;
}

const wentBack: JournalEvent[] = [
	{ type: 'rollback-requested', code: 'migration/gate-failed', message: 'It finds less.' },
	{ type: 'rolled-back' }
];

test('lists all upgrades, the newest first, and how each one ended', async () => {
	const steps = world.plan().steps.map(({ id }) => id);
	await upgrade('first', ...wentBack);
	await upgrade('second', ...verified(...steps), { type: 'kept' }, { type: 'committed' });
	await upgrade('third', { type: 'paused' });
	await history.refresh();
	expect(history.upgrades.map(({ plan, outcome, reason }) => [plan.id, outcome, reason])).toEqual([
		['third', 'under way', null],
		['second', 'kept', null],
		['first', 'undone', 'It finds less.']
	]);
});

test('knows when an upgrade ended, and that one under way has not', async () => {
	await upgrade('first', ...wentBack);
	const endedAt = world.clock.now() + 2;
	await upgrade('second');
	await history.refresh();
	expect(history.upgrades.map((past) => past.endedAt)).toEqual([null, endedAt]);
});

test('leaves out a journal that does not begin with its plan', async () => {
	const [, ...rest] = journalOf(world.plan(), { type: 'paused' });
	await tab.journal.append(rest);
	await history.refresh();
	expect(history.upgrades).toEqual([]);
});

test('lists snapshots, the newest first', async () => {
	const record = await world.record();
	const rows = [10, 30, 20].map((takenAt) =>
		write.put(snapshotStore, { planId: `plan-${takenAt}` as PlanId, takenAt, record })
	);
	await world.disk.commit(rows);
	await history.refresh();
	expect(history.snapshots.map(({ takenAt }) => takenAt)).toEqual([30, 20, 10]);
});

test('has the report of each comparison', async () => {
	const id = await upgrade('first', ...wentBack);
	const report = { planId: id, version: 1, passed: false } as GateReport;
	await world.disk.commit([write.put(gateReportStore, report)]);
	await history.refresh();
	expect(history.report(id)).toEqual(report);
	expect(history.report('none' as PlanId)).toBeUndefined();
});

test('says why the list cannot be read, until it can', async () => {
	const broken = new AppError('storage/unavailable');
	const list = vi.spyOn(world.disk, 'list').mockRejectedValueOnce(broken);
	await history.refresh();
	expect(history.error?.code).toBe('storage/unavailable');
	list.mockRestore();
	await history.refresh();
	expect(history.error).toBeNull();
});

test('follows what happens', async () => {
	await history.refresh();
	await upgrade('first');
	feed.announce('upgrade');
	await expect.poll(() => history.upgrades.length).toBe(1);
});

test('gives the log of an upgrade for people and for programs', async () => {
	const id = await upgrade('first', ...wentBack);
	await history.refresh();
	expect(history.log(id, 'markdown')).toContain('It finds less.');
	const { entries } = JSON.parse(history.log(id, 'json')) as { entries: unknown };
	expect(entries).toEqual(history.upgrades[0]?.entries);
});
