import { describe, expect, test } from 'vitest';
import type { PlanId } from '../core/ids.ts';
import { AppError } from '../core/errors.ts';
import { journalOf, verified } from '../testing/journal-of.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { MemoryRecordStore } from '../testing/memory-record-store.ts';
import { MigrationWorld } from '../testing/migration-world.ts';
import { JournalWriter } from './journal-writer.ts';
import { MigrationJournal } from './journal.ts';
import type { MigrationPlan } from './plan.ts';

const plan = (await MigrationWorld.create({}, 1)).plan();
const named = (id: string): MigrationPlan => ({ ...plan, id: id as PlanId });
const goneBack = [
	{ type: 'rollback-requested', code: 'migration/stopped', message: '' },
	{ type: 'rolled-back' }
] as const;

describe('MigrationJournal', () => {
	test('gives back what was appended, in order, each upgrade by itself', async () => {
		const journal = new MigrationJournal(new MemoryRecordStore());
		const one = journalOf(named('a'), ...verified('snapshot'));
		const other = journalOf(named('b'));
		await journal.append(one.slice(0, 1));
		await journal.append(other);
		await journal.append(one.slice(1));
		expect(await journal.read(named('a').id)).toEqual(one);
		expect(await journal.read(named('b').id)).toEqual(other);
		expect(await journal.read(named('c').id)).toEqual([]);
	});

	test('writes strictly, and never over an entry', async () => {
		const records = new MemoryRecordStore();
		const journal = new MigrationJournal(records);
		const entries = journalOf(plan, { type: 'paused' });
		await journal.append(entries);
		expect(records.durabilities).toEqual(['strict']);
		const late = { ...entries[1]!, at: 5 };
		await expect(journal.append([late])).rejects.toMatchObject({ code: 'storage/conflict' });
		expect(await journal.read(plan.id)).toEqual(entries);
	});

	test('finds the upgrade that has not ended', async () => {
		const journal = new MigrationJournal(new MemoryRecordStore());
		expect(await journal.unfinished()).toBeNull();
		await journal.append(journalOf(named('a'), ...goneBack));
		await journal.append(journalOf(named('c'), ...goneBack));
		expect(await journal.unfinished()).toBeNull();
		await journal.append(journalOf(named('b'), ...verified('snapshot')));
		expect(await journal.unfinished()).toBe('b');
	});

	test('tells the beginning and the end of each upgrade without what lies between', async () => {
		const journal = new MigrationJournal(new MemoryRecordStore());
		const checkpoints = Array.from({ length: 200 }, (_, embedded) => ({
			...{ type: 'step-checkpoint', step: 'build-index' },
			checkpoint: { embedded }
		}));
		const long = journalOf(named('long'), ...(checkpoints as never[]), ...goneBack);
		const short = journalOf(named('short'), ...goneBack);
		await journal.append(long);
		await journal.append(short.map((entry) => ({ ...entry, at: entry.at + 9999 })));
		const [first, second] = await journal.outlines();
		expect(first?.map(({ type }) => type)).toEqual(short.map(({ type }) => type));
		expect(second?.[0]).toEqual(long[0]);
		expect(second?.slice(-2)).toEqual(long.slice(-2));
		expect(second?.length).toBeLessThan(100);
	});

	test('lists all upgrades, the newest first', async () => {
		const journal = new MigrationJournal(new MemoryRecordStore());
		for (const [id, at] of [
			['a', 5],
			['b', 9],
			['c', 7]
		] as const) {
			await journal.append(journalOf(named(id)).map((entry) => ({ ...entry, at })));
		}
		expect((await journal.all()).map(([first]) => first?.planId)).toEqual(['b', 'c', 'a']);
	});
});

describe('JournalWriter', () => {
	async function open(options: ConstructorParameters<typeof MemoryRecordStore>[0] = {}) {
		const journal = new MigrationJournal(new MemoryRecordStore(options));
		const entries = journalOf(plan);
		await journal.append(entries);
		return { journal, writer: new JournalWriter(journal, new ManualClock(3), plan.id, entries) };
	}

	test('numbers and dates what it appends, one after the other', async () => {
		const { journal, writer } = await open();
		const appends = [
			writer.append(() => [{ type: 'paused' }]),
			writer.append(({ paused }) => (paused ? [{ type: 'resumed' }] : []))
		];
		expect(writer.busy).toBe(true);
		await Promise.all(appends);
		await writer.settled();
		expect(writer.busy).toBe(false);
		expect(await journal.read(plan.id)).toEqual(writer.entries);
		expect(writer.entries.slice(1)).toMatchObject([
			{ type: 'paused', seq: 1, at: 3 },
			{ type: 'resumed', seq: 2, at: 3 }
		]);
	});

	test('a refused wish leaves it usable', async () => {
		const { writer } = await open();
		const refused = writer.append(() => {
			throw new AppError('migration/refused');
		});
		await expect(refused).rejects.toMatchObject({ code: 'migration/refused' });
		await writer.append(() => [{ type: 'paused' }]);
		expect([writer.lost, writer.state.paused]).toEqual([false, true]);
	});

	test('writes no more once another runner has written', async () => {
		const { journal, writer } = await open();
		await journal.append(journalOf(plan, { type: 'paused' }).slice(1));
		const conflict = { code: 'storage/conflict' };
		await expect(writer.append(() => [{ type: 'resumed' }])).rejects.toMatchObject(conflict);
		expect(writer.lost).toBe(true);
		await expect(writer.append(() => [{ type: 'resumed' }])).rejects.toMatchObject(conflict);
		expect(await journal.read(plan.id)).toHaveLength(2);
	});

	test('writes nothing that could not be read again, and goes on', async () => {
		const { journal, writer } = await open();
		const wrong = writer.append(() => [
			{ type: 'step-failed', step: 'switch', code: 'bug', message: '' }
		]);
		await expect(wrong).rejects.toMatchObject({ code: 'bug' });
		await writer.append(() => [{ type: 'paused' }]);
		expect((await journal.read(plan.id)).map(({ type }) => type)).toEqual(['planned', 'paused']);
	});

	test('goes on after lack of space has passed', async () => {
		let full = false;
		const { writer } = await open({
			beforeCommit: () => {
				if (full) throw new AppError('storage/quota');
			}
		});
		full = true;
		const quota = { code: 'storage/quota' };
		await expect(writer.append(() => [{ type: 'paused' }])).rejects.toMatchObject(quota);
		full = false;
		await writer.append(() => [{ type: 'paused' }]);
		expect(writer.entries.at(-1)).toMatchObject({ type: 'paused', seq: 1 });
	});
});
