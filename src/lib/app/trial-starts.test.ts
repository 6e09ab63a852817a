import { describe, expect, test } from 'vitest';
import type { PlanId } from '../core/ids.ts';
import type { Setup } from '../core/setup.ts';
import { SetupRepository } from '../migration/setup-repository.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { MemoryLocks } from '../testing/memory-locks.ts';
import { MemoryRecordStore } from '../testing/memory-record-store.ts';
import { setupWith } from '../testing/setup-with.ts';
import { TrialStarts } from './trial-starts.ts';

const old = setupWith('1', '1');
const plan = 'plan-1' as PlanId;

/** A device on which `to` is on trial; `tab` opens the app on it. */
async function onTrial(to: Setup) {
	const records = new MemoryRecordStore();
	const setup = new SetupRepository(records, new ManualClock(), new MemoryLocks());
	await setup.initialise(old);
	await setup.startTrial({ from: old, to, planId: plan, keepUntil: 1000 });
	const unproven = async () => (await setup.read())?.trial?.unprovenStarts;
	return { setup, records, unproven, tab: () => new TrialStarts(setup) };
}

describe('both engines on trial', () => {
	test('count as one start, on disk before either may load', async () => {
		const { tab, unproven } = await onTrial(setupWith('2', '2'));
		const starts = tab();
		const embedding = starts.begin('embedding');
		await starts.begin('chat');
		expect(await unproven()).toBe(1);
		await embedding;
		expect(await unproven()).toBe(1);
	});

	test('are a good start only when both are', async () => {
		const { tab, unproven } = await onTrial(setupWith('2', '2'));
		const starts = tab();
		await starts.begin('embedding');
		await starts.begin('chat');
		await starts.succeeded('embedding');
		expect(await unproven()).toBe(1);
		await starts.succeeded('chat');
		expect(await unproven()).toBe(0);
	});

	test('of which one kills the tab each time come to three', async () => {
		const { tab, unproven } = await onTrial(setupWith('2', '2'));
		for (const counted of [1, 2, 3]) {
			const starts = tab();
			await starts.begin('embedding');
			await starts.begin('chat');
			await starts.succeeded('embedding');
			expect(await unproven()).toBe(counted);
		}
	});
});

test('a failed start that is tried again in the same tab counts again', async () => {
	const { tab, unproven } = await onTrial(setupWith('2', '1'));
	const starts = tab();
	await starts.begin('chat');
	await starts.begin('chat');
	expect(await unproven()).toBe(2);
});

test('an engine that the upgrade has not changed does not count', async () => {
	const { tab, unproven } = await onTrial(setupWith('2', '1'));
	const starts = tab();
	await starts.begin('embedding');
	expect(await unproven()).toBe(0);
	await starts.begin('chat');
	await starts.succeeded('embedding');
	expect(await unproven()).toBe(1);
});

test('without a trial nothing is written', async () => {
	const { tab, setup, records } = await onTrial(setupWith('2', '2'));
	await setup.endTrial(plan);
	const before = records.commits;
	const starts = tab();
	await starts.begin('chat');
	await starts.succeeded('chat');
	expect(records.commits).toBe(before);
});

test('a start that went wrong in one trial is forgotten in the next', async () => {
	const next = setupWith('3', '3');
	const { tab, setup, unproven } = await onTrial(setupWith('2', '1'));
	const starts = tab();
	await starts.begin('chat');
	await setup.restorePrevious(plan);
	await setup.startTrial({ from: old, to: next, planId: 'plan-2' as PlanId, keepUntil: 1000 });
	await starts.begin('embedding');
	expect(await unproven()).toBe(1);
	await starts.succeeded('embedding');
	expect(await unproven()).toBe(0);
});

test('before the first setup there is nothing to count', async () => {
	const records = new MemoryRecordStore();
	const setup = new SetupRepository(records, new ManualClock(), new MemoryLocks());
	const starts = new TrialStarts(setup);
	await starts.begin('chat');
	expect(records.commits).toBe(0);
});
