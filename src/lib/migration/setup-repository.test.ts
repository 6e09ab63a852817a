import { describe, expect, test } from 'vitest';
import type { IndexId, PlanId } from '../core/ids.ts';
import type { Setup } from '../core/setup.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { MemoryLocks } from '../testing/memory-locks.ts';
import { MemoryRecordStore } from '../testing/memory-record-store.ts';
import { models } from '../testing/migration-world.ts';
import { SetupRepository } from './setup-repository.ts';

const choice = { engine: 'scripted', model: models.old.id, revision: '1', name: 'Old' };
const from: Setup = { chat: choice, embedding: choice, index: 'i1' as IndexId, adapters: [] };
const to: Setup = { ...from, index: 'i2' as IndexId };
const planId = 'p1' as PlanId;
const other = 'p2' as PlanId;
const change = { from, to, planId, keepUntil: 900 };

async function repository() {
	const records = new MemoryRecordStore();
	const clock = new ManualClock(100);
	const setup = new SetupRepository(records, clock, new MemoryLocks());
	await setup.initialise(from);
	return { setup, records, clock };
}

describe('the first start', () => {
	test('there is nothing until it is initialised, once', async () => {
		const setup = new SetupRepository(
			new MemoryRecordStore(),
			new ManualClock(5),
			new MemoryLocks()
		);
		expect(await setup.read()).toBeUndefined();
		await expect(setup.countStart()).rejects.toMatchObject({ code: 'storage/missing' });
		expect(await setup.initialise(from)).toMatchObject({ sequence: 1, current: from, since: 5 });
		expect(await setup.initialise(to)).toMatchObject({ sequence: 1, current: from });
	});
});

describe('replace', () => {
	test('writes over the record that the caller has seen, strictly', async () => {
		const { setup, records } = await repository();
		expect(await setup.replace(1, to)).toMatchObject({ sequence: 2, current: to });
		expect(records.durabilities.at(-1)).toBe('strict');
	});

	test('refuses a late writer', async () => {
		const { setup } = await repository();
		await setup.replace(1, to);
		await expect(setup.replace(1, from)).rejects.toMatchObject({ code: 'storage/conflict' });
		expect((await setup.read())?.current).toEqual(to);
	});
});

describe('the trial', () => {
	test('begins in one strict write that keeps the old setup', async () => {
		const { setup, records } = await repository();
		const commits = records.commits;
		expect(await setup.startTrial(change)).toMatchObject({
			current: to,
			since: 100,
			trial: { planId, previous: from, startedAt: 100, keepUntil: 900, unprovenStarts: 0 }
		});
		expect(records.commits).toBe(commits + 1);
		expect(records.durabilities.at(-1)).toBe('strict');
	});

	test('begins once, however often it is asked for', async () => {
		const { setup } = await repository();
		const first = await setup.startTrial(change);
		expect(await setup.startTrial({ ...change, keepUntil: 5000 })).toEqual(first);
	});

	test('does not begin from another setup, nor during another trial', async () => {
		const { setup } = await repository();
		const conflict = { code: 'storage/conflict' };
		await expect(setup.startTrial({ ...change, from: to })).rejects.toMatchObject(conflict);
		await setup.startTrial(change);
		await expect(setup.startTrial({ ...change, planId: other })).rejects.toMatchObject(conflict);
	});

	test('ends with the new setup after Keep, also when repeated', async () => {
		const { setup } = await repository();
		await setup.startTrial(change);
		const ended = await setup.endTrial(planId);
		expect(ended).toMatchObject({ current: to, trial: null });
		expect(await setup.endTrial(planId)).toEqual(ended);
	});

	test('ends with the old setup after Undo, also when repeated', async () => {
		const { setup } = await repository();
		await setup.startTrial(change);
		const restored = await setup.restorePrevious(planId);
		expect(restored).toMatchObject({ current: from, trial: null });
		expect(await setup.restorePrevious(planId)).toEqual(restored);
	});

	test('ends later when it is extended, also when repeated', async () => {
		const { setup } = await repository();
		await setup.startTrial(change);
		const extended = await setup.extendTrial(planId, change.keepUntil + 5);
		expect(extended.trial?.keepUntil).toBe(change.keepUntil + 5);
		expect((await setup.extendTrial(planId, change.keepUntil + 5)).trial).toEqual(extended.trial);
		expect((await setup.extendTrial(other, 1)).trial).toEqual(extended.trial);
	});

	test('is not ended by another upgrade', async () => {
		const { setup } = await repository();
		const trial = await setup.startTrial(change);
		expect(await setup.endTrial(other)).toEqual(trial);
		expect(await setup.restorePrevious(other)).toEqual(trial);
	});

	test('leaves nothing when the write that it shares fails', async () => {
		const { setup } = await repository();
		const failing = setup.startTrial(change, () => Promise.reject(new Error('no')));
		await expect(failing).rejects.toThrow('no');
		expect((await setup.read())?.current).toEqual(from);
	});
});

describe('counting starts', () => {
	test('counts those that were not reported good, during a trial', async () => {
		const { setup } = await repository();
		await setup.startTrial(change);
		expect(await setup.countStart()).toBe(1);
		expect(await setup.countStart()).toBe(2);
		await setup.reportGoodStart();
		expect(await setup.countStart()).toBe(1);
	});

	test('takes back one that was cut short, never below zero', async () => {
		const { setup } = await repository();
		await setup.startTrial(change);
		await setup.countStart();
		await setup.countStart();
		await setup.uncountStart();
		expect((await setup.read())?.trial?.unprovenStarts).toBe(1);
		await setup.uncountStart();
		await setup.uncountStart();
		expect((await setup.read())?.trial?.unprovenStarts).toBe(0);
	});

	test('writes nothing outside a trial', async () => {
		const { setup, records } = await repository();
		const commits = records.commits;
		expect(await setup.countStart()).toBe(0);
		await setup.reportGoodStart();
		await setup.uncountStart();
		expect(records.commits).toBe(commits);
	});

	test('loses no count when two engines start at once', async () => {
		const { setup } = await repository();
		await setup.startTrial(change);
		const counts = await Promise.all([setup.countStart(), setup.countStart()]);
		expect(counts.sort()).toEqual([1, 2]);
	});
});
