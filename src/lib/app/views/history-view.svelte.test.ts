import { beforeEach, expect, test, vi } from 'vitest';
import { AppError } from '../../core/errors.ts';
import type { PlanId } from '../../core/ids.ts';
import type { JournalEvent } from '../../migration/journal-entry.ts';
import type { AnswerReport } from '../../migration/answer-report.ts';
import type { GateReport } from '../../migration/gate-report.ts';
import { answerReportStore, gateReportStore } from '../../migration/migration-records.ts';
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

test('reads what an upgrade did only when it is looked into, and then follows it', async () => {
	const id = await upgrade('first', { type: 'speed-set', speed: 'gentle' });
	await history.refresh();
	expect(history.details(id)).toBeUndefined();
	await history.open(id);
	expect(history.details(id)?.steps.map(({ id: step }) => step)).toEqual(
		world.plan().steps.map(({ id: step }) => step)
	);
	expect(history.details(id)?.decisions).toHaveLength(1);
	const [, , paused] = journalOf(
		{ ...world.plan(), id },
		{ type: 'speed-set', speed: 'gentle' },
		{ type: 'paused' }
	);
	await tab.journal.append([paused!]);
	feed.announce('upgrade');
	await expect.poll(() => history.details(id)?.decisions.length).toBe(2);
});

test('has the reports of an upgrade that is opened', async () => {
	const id = await upgrade('first', ...wentBack);
	const other = await upgrade('second');
	const report = { planId: id, version: 1, passed: false } as GateReport;
	const answers = { planId: id, version: 1, at: 7 } as AnswerReport;
	await world.disk.commit([
		write.put(gateReportStore, report),
		write.put(answerReportStore, answers)
	]);
	await history.open(id);
	await history.open(other);
	expect(history.details(id)).toMatchObject({ report, answers });
	expect(history.details(other)).toMatchObject({ report: null, answers: null });
});

test('a long history is listed without reading what each upgrade did', async () => {
	const checkpoints: JournalEvent[] = Array.from({ length: 500 }, (_, embedded) => ({
		type: 'step-checkpoint',
		step: 'build-index',
		checkpoint: { embedded }
	}));
	for (let at = 0; at < 10; at++) await upgrade(`long-${at}`, ...checkpoints, ...wentBack);
	let rows = 0;
	const list = world.disk.list.bind(world.disk);
	vi.spyOn(world.disk, 'list').mockImplementation(async (...args) => {
		const found = await list(...args);
		rows += found.length;
		return found;
	});
	await history.refresh();
	expect(history.upgrades).toHaveLength(10);
	expect(history.upgrades[0]).toMatchObject({ outcome: 'undone', reason: 'It finds less.' });
	expect(rows).toBeLessThan(10 * 100);
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
	expect(await history.log(id, 'markdown')).toContain('It finds less.');
	const { entries } = JSON.parse((await history.log(id, 'json')) ?? '') as { entries: unknown };
	expect(entries).toEqual(await tab.journal.read(id));
});

test('gives all logs as one file', async () => {
	const ids = [await upgrade('first', ...wentBack), await upgrade('second')];
	const file = JSON.parse((await history.exportAll()) ?? '') as {
		format: string;
		upgrades: { entries: unknown }[];
	};
	expect(file.format).toBe('sam-upgrade-logs');
	expect(file.upgrades.map(({ entries }) => entries)).toEqual([
		await tab.journal.read(ids[1]!),
		await tab.journal.read(ids[0]!)
	]);
});

test('says why a log cannot be read', async () => {
	const id = await upgrade('first');
	vi.spyOn(world.disk, 'list').mockRejectedValue(new AppError('storage/unavailable'));
	expect([await history.log(id, 'json'), await history.exportAll()]).toEqual([null, null]);
	expect(history.error?.code).toBe('storage/unavailable');
});
