import { beforeEach, expect, test } from 'vitest';
import { AppError } from '../core/errors.ts';
import { EngineClient } from '../engines/engine-client.ts';
import type { EngineService } from '../engines/engine-service.ts';
import { engineServiceOf } from '../testing/engine-service-of.ts';
import { InProcessWorker } from '../testing/in-process-worker.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { ScriptedEngine, scriptedModel, type Script } from '../testing/scripted-engine.ts';
import { WorkerHost } from '../wire/worker-host.ts';
import { EnginePool } from './engine-pool.ts';

const { info } = new ScriptedEngine();
const cycles = 20;
const held = new Promise<never>(() => undefined);
const failingLoad: Script = {
	fail: { method: 'load', call: 1, error: new AppError('engine/out-of-memory') }
};
const hanging: Script = {
	pause: (method) => (method === 'load' ? held : Promise.resolve())
};

let script: Script;
let workers: InProcessWorker[];
let pool: EnginePool;

/** The pool as the app makes it, but for the threads. */
beforeEach(() => {
	script = {};
	workers = [];
	const clock = new ManualClock();
	const sleep = (ms: number, signal: AbortSignal) => clock.sleep(ms, signal);
	const spawn = () => {
		const worker = new InProcessWorker(engineServiceOf(info, () => new ScriptedEngine(script)));
		workers.push(worker);
		return worker;
	};
	const host = () =>
		new WorkerHost<EngineService>({ name: 'engine', spawn, readyTimeoutMs: 10_000, sleep });
	pool = new EnginePool({ make: () => new EngineClient({ info, spawn: host, sleep }) });
});

const alive = (): number => workers.filter(({ terminated }) => !terminated).length;

test('twenty loads that fail leave no worker, and so no memory of the GPU', async () => {
	script = failingLoad;
	for (let cycle = 1; cycle <= cycles; cycle++) {
		await expect(pool.use('chat', scriptedModel)).rejects.toMatchObject({
			code: 'engine/out-of-memory'
		});
		expect([workers.length, alive()]).toEqual([cycle, 0]);
	}
});

test('twenty loads whose worker dies leave none either', async () => {
	script = hanging;
	for (let cycle = 1; cycle <= cycles; cycle++) {
		const using = pool.use('chat', scriptedModel);
		await expect.poll(() => workers.length, { interval: 1 }).toBe(cycle);
		workers.at(-1)?.crash();
		await expect(using).rejects.toMatchObject({ code: 'wire/worker-died' });
		expect(alive()).toBe(0);
	}
});

test('twenty loads that are given up leave none either', async () => {
	script = hanging;
	for (let cycle = 1; cycle <= cycles; cycle++) {
		const control = new AbortController();
		const using = pool.use('chat', scriptedModel, { signal: control.signal });
		await expect.poll(() => workers.length, { interval: 1 }).toBe(cycle);
		control.abort();
		await expect(using).rejects.toMatchObject({ code: 'cancelled' });
		expect(alive()).toBe(0);
	}
});

test('twenty engines that are retired after a call, each replaced by another, are one at a time', async () => {
	for (let cycle = 1; cycle <= cycles; cycle++) {
		const engine = await pool.use('chat', { ...scriptedModel, revision: String(cycle % 3) });
		expect([workers.length, alive()]).toEqual([cycle, 1]);
		if (cycle % 2 === 0) pool.retire('chat', engine);
	}
});

test('twenty engines beside those in use leave none when their load fails', async () => {
	script = failingLoad;
	const { signal } = new AbortController();
	for (let cycle = 1; cycle <= cycles; cycle++) {
		await expect(pool.open(scriptedModel, signal)).rejects.toThrow();
	}
	expect([workers.length, alive()]).toEqual([cycles, 0]);
});
