import { beforeEach, describe, expect, test } from 'vitest';
import { AppError } from '../core/errors.ts';
import type { PlanId } from '../core/ids.ts';
import type { Setup } from '../core/setup.ts';
import { SetupRepository } from '../migration/setup-repository.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { MemoryLocks } from '../testing/memory-locks.ts';
import { MemoryRecordStore } from '../testing/memory-record-store.ts';
import { scriptedChoice, setupWith } from '../testing/setup-with.ts';
import type { EngineRole } from './engine-pool.ts';
import { TrialStarts } from './trial-starts.ts';

const old = setupWith('1', '1');
const plan = 'plan-1' as PlanId;

/** What safe mode holds back, and what the user has tried again. */
let held = new Set<EngineRole>();
let tried = new Set<EngineRole>();
const safeMode = {
	blocks: (role: EngineRole) => held.has(role),
	tried: (role: EngineRole) => tried.has(role)
};

beforeEach(() => {
	held = new Set();
	tried = new Set();
});

const never = () => Promise.reject(new Error('nothing has failed'));
const startsOf = (setup: SetupRepository) =>
	new TrialStarts({ setup, safeMode, reportFailedStart: never });

/** A device on which `to` is on trial; `tab` opens the app on it. */
async function onTrial(to: Setup) {
	const records = new MemoryRecordStore();
	const setup = new SetupRepository(records, new ManualClock(), new MemoryLocks());
	await setup.initialise(old);
	await setup.startTrial({ from: old, to, planId: plan, keepUntil: 1000 });
	const unproven = async () => (await setup.read())?.trial?.unprovenStarts;
	return { setup, records, unproven, tab: () => startsOf(setup) };
}

describe('both engines on trial', () => {
	test('count as one start, on disk before either may load', async () => {
		const { tab, unproven } = await onTrial(setupWith('2', '2'));
		const starts = tab();
		const embedding = starts.begin('embedding', scriptedChoice('2'));
		await starts.begin('chat', scriptedChoice('2'));
		expect(await unproven()).toBe(1);
		await embedding;
		expect(await unproven()).toBe(1);
	});

	test('are a good start only when both are', async () => {
		const { tab, unproven } = await onTrial(setupWith('2', '2'));
		const starts = tab();
		await starts.begin('embedding', scriptedChoice('2'));
		await starts.begin('chat', scriptedChoice('2'));
		await starts.succeeded('embedding', scriptedChoice('2'));
		expect(await unproven()).toBe(1);
		await starts.succeeded('chat', scriptedChoice('2'));
		expect(await unproven()).toBe(0);
	});

	test('of which one kills the tab each time come to three', async () => {
		const { tab, unproven } = await onTrial(setupWith('2', '2'));
		for (const counted of [1, 2, 3]) {
			const starts = tab();
			await starts.begin('embedding', scriptedChoice('2'));
			await starts.begin('chat', scriptedChoice('2'));
			await starts.succeeded('embedding', scriptedChoice('2'));
			expect(await unproven()).toBe(counted);
		}
	});
});

test('a failed start that is tried again in the same tab counts again', async () => {
	const { tab, unproven } = await onTrial(setupWith('2', '1'));
	const starts = tab();
	await starts.begin('chat', scriptedChoice('2'));
	await starts.begin('chat', scriptedChoice('2'));
	expect(await unproven()).toBe(2);
});

describe('while safe mode holds one of them back', () => {
	test('the start of the other one neither counts nor proves anything', async () => {
		const { tab, unproven } = await onTrial(setupWith('2', '2'));
		const dying = tab();
		await dying.begin('chat', scriptedChoice('2'));
		held.add('chat');
		const starts = tab();
		await starts.begin('embedding', scriptedChoice('2'));
		await starts.succeeded('embedding', scriptedChoice('2'));
		expect(await unproven()).toBe(1);
	});

	test('each try of the user counts, and one that goes well clears the count', async () => {
		const { tab, unproven } = await onTrial(setupWith('2', '2'));
		await tab().begin('chat', scriptedChoice('2'));
		const starts = tab();
		tried.add('chat');
		await starts.begin('chat', scriptedChoice('2'));
		expect(await unproven()).toBe(2);
		await starts.succeeded('chat', scriptedChoice('2'));
		expect(await unproven()).toBe(0);
	});

	test('one that goes well does not clear the count of the other', async () => {
		const { tab, unproven } = await onTrial(setupWith('2', '2'));
		await tab().begin('chat', scriptedChoice('2'));
		held.add('embedding');
		tried.add('chat');
		const starts = tab();
		await starts.begin('chat', scriptedChoice('2'));
		await starts.succeeded('chat', scriptedChoice('2'));
		expect(await unproven()).toBe(2);
	});
});

test('an engine that the upgrade has not changed does not count', async () => {
	const { tab, unproven } = await onTrial(setupWith('2', '1'));
	const starts = tab();
	await starts.begin('embedding', scriptedChoice('1'));
	expect(await unproven()).toBe(0);
	await starts.begin('chat', scriptedChoice('2'));
	await starts.succeeded('embedding', scriptedChoice('1'));
	expect(await unproven()).toBe(1);
});

test('without a trial nothing is written', async () => {
	const { tab, setup, records } = await onTrial(setupWith('2', '2'));
	await setup.endTrial(plan);
	const before = records.commits;
	const starts = tab();
	await starts.begin('chat', scriptedChoice('2'));
	await starts.succeeded('chat', scriptedChoice('2'));
	expect(records.commits).toBe(before);
});

test('an engine that stands in for the one on trial does not count', async () => {
	const { tab, unproven } = await onTrial(setupWith('2', '1'));
	const starts = tab();
	await starts.begin('chat', scriptedChoice('1'));
	expect(await unproven()).toBe(0);
	await starts.begin('chat', scriptedChoice('2'));
	await starts.succeeded('chat', scriptedChoice('1'));
	expect(await unproven()).toBe(1);
});

describe('a start that was given up', () => {
	test('is taken back', async () => {
		const { tab, unproven } = await onTrial(setupWith('2', '1'));
		const starts = tab();
		expect(await starts.begin('chat', scriptedChoice('2'))).toBe(true);
		await starts.givenUp('chat');
		expect(await unproven()).toBe(0);
		await starts.begin('chat', scriptedChoice('2'));
		expect(await unproven()).toBe(1);
	});

	test('of both engines is one start', async () => {
		const { tab, unproven } = await onTrial(setupWith('2', '2'));
		await tab().begin('chat', scriptedChoice('2'));
		const starts = tab();
		await starts.begin('embedding', scriptedChoice('2'));
		await starts.begin('chat', scriptedChoice('2'));
		await starts.givenUp('chat');
		expect(await unproven()).toBe(2);
		await starts.givenUp('embedding');
		expect(await unproven()).toBe(1);
	});

	test('is nothing to take back when it did not count', async () => {
		const { tab, unproven } = await onTrial(setupWith('2', '1'));
		await tab().begin('chat', scriptedChoice('2'));
		const starts = tab();
		expect(await starts.begin('chat', scriptedChoice('1'))).toBe(false);
		await starts.givenUp('chat');
		expect(await unproven()).toBe(1);
	});
});

describe('a start that failed', () => {
	async function failing(reportFailedStart: () => Promise<null>) {
		const { setup } = await onTrial(setupWith('2', '1'));
		return new TrialStarts({ setup, safeMode, reportFailedStart });
	}
	const broken = new AppError('storage/corrupt');

	test('is reported for the engine on trial alone', async () => {
		const reports: string[] = [];
		const starts = await failing(async () => {
			reports.push('chat');
			return null;
		});
		await starts.failed('embedding', scriptedChoice('1'), broken);
		await starts.failed('chat', scriptedChoice('1'), broken);
		await starts.failed('chat', scriptedChoice('2'), new AppError('cancelled'));
		expect(reports).toEqual([]);
		await starts.failed('chat', scriptedChoice('2'), broken);
		expect(reports).toEqual(['chat']);
	});

	test('stays the only thing to tell when going back fails', async () => {
		const starts = await failing(() => Promise.reject(new AppError('migration/running')));
		await expect(starts.failed('chat', scriptedChoice('2'), broken)).resolves.toBeUndefined();
	});
});

test('a start that went wrong in one trial is forgotten in the next', async () => {
	const next = setupWith('3', '3');
	const { tab, setup, unproven } = await onTrial(setupWith('2', '1'));
	const starts = tab();
	await starts.begin('chat', scriptedChoice('2'));
	await setup.restorePrevious(plan);
	await setup.startTrial({ from: old, to: next, planId: 'plan-2' as PlanId, keepUntil: 1000 });
	await starts.begin('embedding', scriptedChoice('3'));
	expect(await unproven()).toBe(1);
	await starts.succeeded('embedding', scriptedChoice('3'));
	expect(await unproven()).toBe(0);
});

test('before the first setup there is nothing to count', async () => {
	const records = new MemoryRecordStore();
	const setup = new SetupRepository(records, new ManualClock(), new MemoryLocks());
	const starts = startsOf(setup);
	await starts.begin('chat', scriptedChoice('2'));
	expect(records.commits).toBe(0);
});
