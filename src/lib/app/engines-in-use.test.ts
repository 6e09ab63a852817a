import { expect, test } from 'vitest';
import { AppError } from '../core/errors.ts';
import type { PlanId } from '../core/ids.ts';
import type { Setup } from '../core/setup.ts';
import { SetupRepository } from '../migration/setup-repository.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { MemoryLocks } from '../testing/memory-locks.ts';
import { MemoryRecordStore } from '../testing/memory-record-store.ts';
import { nextTask } from '../testing/next-task.ts';
import { ScriptedEngine, scriptedModel, type Script } from '../testing/scripted-engine.ts';
import { setupWith } from '../testing/setup-with.ts';
import { EnginePool } from './engine-pool.ts';
import { EnginesInUse } from './engines-in-use.ts';
import { TrialStarts } from './trial-starts.ts';

const old = setupWith('1', '1');
const plan = 'plan-1' as PlanId;
const broken: Script = {
	pause: (method) =>
		method === 'load' ? Promise.reject(new AppError('storage/corrupt')) : Promise.resolve()
};

/** The setup `old` in use; engines of each revision follow a script of theirs. */
async function world(scripts: Readonly<Record<string, Script>> = {}) {
	const setup = new SetupRepository(new MemoryRecordStore(), new ManualClock(), new MemoryLocks());
	await setup.initialise(old);
	const starts = new TrialStarts(setup);
	let revision = '';
	const pool = new EnginePool({
		make: () => new ScriptedEngine(scripts[revision]),
		onStart: (role) => starts.begin(role),
		onStarted: (role) => starts.succeeded(role)
	});
	const reports: number[] = [];
	const controller = {
		/** As the controller does it: at the third failure the trial is undone. */
		reportFailedStart: async () => {
			const tries = (await setup.read())?.trial?.unprovenStarts ?? 0;
			reports.push(tries);
			if (tries >= 3) await setup.restorePrevious(plan);
			return null;
		}
	};
	const engines = new EnginesInUse({
		setup,
		spec: async (choice) => {
			revision = choice.revision;
			return { ...scriptedModel, revision };
		},
		pool,
		controller
	});
	const tryOut = (to: Setup) => setup.startTrial({ from: old, to, planId: plan, keepUntil: 1000 });
	return { setup, engines, controller, reports, tryOut };
}

test('gives the engine that the setup names, with the setup that it belongs to', async () => {
	const { engines } = await world();
	const { engine, setup } = await engines.get('embedding');
	expect(engine.status).toBe('ready');
	expect(setup).toEqual(old);
});

test('gives the new engine after a switch', async () => {
	const { engines, tryOut } = await world();
	const { engine: before } = await engines.get('chat');
	await tryOut(setupWith('2', '1'));
	const { engine, setup } = await engines.get('chat');
	expect(engine).not.toBe(before);
	expect(setup.chat.revision).toBe('2');
});

test('fails before the first setup has been written', async () => {
	const { engines } = await world();
	const empty = new EnginesInUse({
		setup: { read: async () => undefined },
		spec: async () => scriptedModel,
		pool: { use: async () => (await engines.get('chat')).engine },
		controller: { reportFailedStart: async () => null }
	});
	await expect(empty.get('chat')).rejects.toMatchObject({ code: 'storage/missing' });
});

test('an engine on trial that does not load fails twice, and the third time the old one is back', async () => {
	const { engines, tryOut, reports, setup } = await world({ '2': broken });
	await tryOut(setupWith('2', '1'));
	await expect(engines.get('chat')).rejects.toMatchObject({ code: 'storage/corrupt' });
	await expect(engines.get('chat')).rejects.toMatchObject({ code: 'storage/corrupt' });
	const { engine, setup: used } = await engines.get('chat');
	expect(reports).toEqual([1, 2, 3]);
	expect(engine.status).toBe('ready');
	expect(used).toEqual(old);
	expect((await setup.read())?.trial).toBeNull();
});

test('is loaded anew only once: what fails after the way back is told', async () => {
	const { engines, tryOut, reports } = await world({ '1': broken, '2': broken });
	await tryOut(setupWith('2', '1'));
	for (let i = 0; i < 2; i++) await engines.get('chat').catch(() => undefined);
	await expect(engines.get('chat')).rejects.toMatchObject({ code: 'storage/corrupt' });
	expect(reports).toEqual([1, 2, 3]);
});

test('an engine that is not on trial is not reported', async () => {
	const { engines, tryOut, reports } = await world({ '1': broken });
	await expect(engines.get('chat')).rejects.toMatchObject({ code: 'storage/corrupt' });
	await tryOut(setupWith('1', '2'));
	await expect(engines.get('chat')).rejects.toMatchObject({ code: 'storage/corrupt' });
	expect(reports).toEqual([]);
});

test('why it did not load is told even when going back fails', async () => {
	const { engines, tryOut, controller } = await world({ '2': broken });
	controller.reportFailedStart = () => Promise.reject(new AppError('migration/running'));
	await tryOut(setupWith('2', '1'));
	await expect(engines.get('chat')).rejects.toMatchObject({ code: 'storage/corrupt' });
});

test('whoever waits for an engine that a switch replaces gets the new one', async () => {
	const held = Promise.withResolvers<undefined>();
	const pause: Script['pause'] = (method) => (method === 'load' ? held.promise : Promise.resolve());
	const { engines, tryOut, reports } = await world({ '1': { pause } });
	const waiting = engines.get('chat');
	await nextTask();
	await tryOut(setupWith('2', '1'));
	const { engine: next } = await engines.get('chat');
	held.resolve(undefined);
	const { engine, setup } = await waiting;
	expect(engine).toBe(next);
	expect(setup.chat.revision).toBe('2');
	expect(reports).toEqual([]);
});
