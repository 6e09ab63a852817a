import { describe, expect, test, vi } from 'vitest';
import { AppError } from '../core/errors.ts';
import type { AdapterId, ModelId } from '../core/ids.ts';
import { nextTask } from '../core/next-task.ts';
import { clientInProcess } from '../testing/client-in-process.ts';
import { describeModelEngine } from '../testing/contracts/model-engine.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import {
	ScriptedEngine,
	scriptedModel,
	shortSightedModel,
	type Script
} from '../testing/scripted-engine.ts';
import { defineEngine } from './define-engine.ts';
import type { LoadRequest } from './engine-contract.ts';
import { EngineRegistry } from './engine-registry.ts';
import { EngineService } from './engine-service.ts';
import { noFiles } from './no-files.ts';
import { starterInfo } from './starter/starter-info.ts';
import { StarterEngine } from './starter/starter-engine.ts';
import { starterModels } from './starter/starter-models.ts';

const { info } = new ScriptedEngine();
const { signal } = new AbortController();
const request: LoadRequest = { spec: scriptedModel, files: noFiles, device: 'auto' };
const question = {
	question: 'Hello?',
	messages: [{ role: 'user', content: 'Hello?' }],
	passages: [],
	maxTokens: 10,
	temperature: 0,
	seed: null
} as const;

type Adapt = NonNullable<ConstructorParameters<typeof EngineService>[0]['adapt']>;

/** A client whose workers run scripted or Starter engines, with what a test wants to look at. */
function setUp(script: Script = {}) {
	const clock = new ManualClock();
	const engines: ScriptedEngine[] = [];
	const openModel = vi.fn<(id: ModelId) => Promise<typeof noFiles>>(async (model) => {
		throw new AppError('library/not-installed', { details: { model } });
	});
	const adapt = vi.fn<Adapt>(async (_, files, uses) => ({
		files,
		matches: uses.map(({ adapter }) => ({ adapter, matched: 1, of: 2 }))
	}));
	const registry = new EngineRegistry([
		defineEngine({ info: starterInfo, make: async () => new StarterEngine() }),
		defineEngine({
			info,
			make: async () => {
				const engine = new ScriptedEngine(script);
				engines.push(engine);
				return engine;
			}
		})
	]);
	const service = () => new EngineService({ registry, openModel, adapt });
	const { client, workers } = clientInProcess({ info, service, clock });
	return { client, clock, workers, engines, openModel, adapt };
}

async function setUpLoaded(script: Script = {}) {
	const world = setUp(script);
	await world.client.load(request, { signal });
	return world;
}

const specs = { 'a model that cuts texts': shortSightedModel, Scripted: scriptedModel };
for (const [name, spec] of [
	...Object.entries(specs),
	...starterModels.map((starter) => [starter.name, starter] as const)
]) {
	describeModelEngine(`EngineClient with ${name} over message ports`, async () => ({
		engine: setUp().client,
		request: { spec, files: noFiles, device: 'auto' }
	}));
}

describe('loading through EngineClient', () => {
	test('has the worker open the files of a model that has files', async () => {
		const { client, openModel } = setUp();
		const file = { path: 'a', url: 'b', bytes: 1, sha256: 'c' as never };
		await expect(
			client.load({ ...request, spec: { ...scriptedModel, files: [file] } }, { signal })
		).rejects.toMatchObject({ code: 'library/not-installed', details: { model: 'scripted' } });
		expect(openModel).toHaveBeenCalledWith('scripted', expect.anything());
	});

	test('has the worker work the adapters of the request in, and tells how they matched', async () => {
		const { client, adapt } = setUp();
		const adapters = [{ adapter: 'style' as AdapterId, strength: 0.5 }];
		await client.load({ ...request, adapters }, { signal });
		expect(adapt).toHaveBeenCalledWith(
			scriptedModel,
			expect.anything(),
			adapters,
			expect.anything()
		);
		expect(client.capabilities.adapters).toEqual([{ adapter: 'style', matched: 1, of: 2 }]);
	});

	test('ends the worker when an adapter cannot be worked in, and says why', async () => {
		const { client, workers, adapt } = setUp();
		adapt.mockRejectedValueOnce(new AppError('adapter/missing', { details: { name: 'style' } }));
		const adapters = [{ adapter: 'style' as AdapterId, strength: 1 }];
		await expect(client.load({ ...request, adapters }, { signal })).rejects.toMatchObject({
			code: 'adapter/missing'
		});
		expect(workers.map(({ terminated }) => terminated)).toEqual([true]);
	});

	test('asks for no files of a built-in model', async () => {
		const { openModel } = await setUpLoaded();
		expect(openModel).not.toHaveBeenCalled();
	});

	test('says so when the worker knows no such engine', async () => {
		const { client } = setUp();
		await expect(
			client.load({ ...request, spec: { ...scriptedModel, engine: 'abacus' } }, { signal })
		).rejects.toMatchObject({ code: 'engine/unknown', details: { engine: 'abacus' } });
	});

	test('ends the worker when it fails, and takes a new one for the next try', async () => {
		const error = new Error('no adapter');
		const { client, workers } = setUp({ fail: { method: 'load', call: 1, error } });
		await expect(client.load(request, { signal })).rejects.toMatchObject({
			code: 'engine/load-failed',
			details: { reason: 'no adapter' }
		});
		expect(client.status).toBe('failed');
		expect(workers[0]?.terminated).toBe(true);
		await client.unload();
		await expect(client.load(request, { signal })).rejects.toThrow('no adapter');
		expect(workers).toHaveLength(2);
	});

	test('ends the worker at once when it is cancelled halfway', async () => {
		const hang = () => new Promise<void>(() => undefined);
		const { client, workers } = setUp({ pause: hang });
		const abort = new AbortController();
		const loading = client.load(request, { signal: abort.signal, onProgress: () => abort.abort() });
		await expect(loading).rejects.toMatchObject({ code: 'cancelled' });
		expect(workers[0]?.terminated).toBe(true);
		expect(client.status).toBe('unloaded');
	});
});

describe('a call through EngineClient', () => {
	test('carries the codes of errors that the engine throws', async () => {
		const error = new AppError('engine/context-overflow');
		const { client } = await setUpLoaded({ fail: { method: 'embed', call: 1, error } });
		await expect(client.embed(['a'], { signal, purpose: 'query' })).rejects.toMatchObject({
			code: 'engine/context-overflow'
		});
		expect(client.status).toBe('ready');
	});

	test('streams reasoning, and tells how much of the prompt was known', async () => {
		const { client } = await setUpLoaded({ reasoning: ['Hm'], tokens: ['Yes'], cachedTokens: 1 });
		const events = await Array.fromAsync(client.generate(question, { signal }));
		expect(events).toMatchObject([
			{ type: 'reasoning-delta', text: 'Hm' },
			{ type: 'text-delta', text: 'Yes' },
			{ type: 'end', usage: { promptTokens: 1, completionTokens: 2, cachedTokens: 1 } }
		]);
	});

	test('that writes of numbers which are none leaves both sides failed', async () => {
		const error = new AppError('engine/bad-output', { details: { reason: 'NaN' } });
		const { client, engines } = await setUpLoaded({ fail: { method: 'generate', call: 1, error } });
		const answer = Array.fromAsync(client.generate(question, { signal }));
		await expect(answer).rejects.toMatchObject({ code: 'engine/bad-output' });
		expect([client.status, engines[0]?.status]).toEqual(['failed', 'failed']);
	});

	test('that loses the device leaves the client lost', async () => {
		const error = new AppError('engine/device-lost');
		const { client } = await setUpLoaded({ fail: { method: 'generate', call: 1, error } });
		const answer = Array.fromAsync(client.generate(question, { signal }));
		await expect(answer).rejects.toMatchObject({ code: 'engine/device-lost' });
		expect(client.status).toBe('lost');
	});

	test('stops in the worker too when it is cancelled', async () => {
		const { client, workers, engines } = await setUpLoaded();
		const abort = new AbortController();
		for await (const event of client.generate(question, { signal: abort.signal })) {
			if (event.type === 'text-delta') abort.abort();
		}
		await client.embed(['after it'], { signal, purpose: 'query' });
		expect(engines[0]?.log).toEqual(['load scripted', 'generate Hello?', 'embed query after it']);
		expect(workers[0]?.terminated).toBe(false);
	});

	test('that does not stop within two seconds costs the worker its life', async () => {
		const hang = (method: string) =>
			method === 'embed' ? new Promise<void>(() => undefined) : Promise.resolve();
		const { client, clock, workers } = await setUpLoaded({ pause: hang });
		const abort = new AbortController();
		const vectors = client.embed(['a'], { signal: abort.signal, purpose: 'passage' });
		const ending = expect(vectors).rejects.toMatchObject({ code: 'cancelled' });
		await nextTask();
		abort.abort();
		await clock.advance(1999);
		expect(client.status).toBe('busy');
		await clock.advance(1);
		await ending;
		expect(client.status).toBe('lost');
		expect(workers[0]?.terminated).toBe(true);
	});

	test('an answer that does not stop ends as cancelled with the text so far', async () => {
		const hang = (method: string, at: number) =>
			method === 'generate' && at === 1 ? new Promise<void>(() => undefined) : Promise.resolve();
		const { client, clock } = await setUpLoaded({ pause: hang });
		const abort = new AbortController();
		const answer = client.generate(question, { signal: abort.signal });
		expect(await answer.next()).toMatchObject({ value: { text: 'One' } });
		const end = answer.next();
		abort.abort();
		await clock.advance(2000);
		expect(await end).toMatchObject({ value: { type: 'end', reason: 'cancelled' } });
		expect(client.status).toBe('lost');
	});
});

describe('a worker that dies', () => {
	test('while it is idle makes the client lost, and later calls say why', async () => {
		const { client, workers } = await setUpLoaded();
		workers[0]?.crash();
		expect(client.status).toBe('lost');
		await expect(client.embed(['a'], { signal, purpose: 'query' })).rejects.toMatchObject({
			code: 'wire/worker-died'
		});
	});

	test('during an answer ends the stream with an error', async () => {
		const { client, workers } = await setUpLoaded();
		const answer = client.generate(question, { signal });
		await answer.next();
		workers[0]?.crash();
		await expect(Array.fromAsync(answer)).rejects.toMatchObject({ code: 'wire/worker-died' });
		expect(client.status).toBe('lost');
	});

	test('is replaced when the client is unloaded and loaded again', async () => {
		const { client, workers } = await setUpLoaded();
		workers[0]?.crash();
		await client.unload();
		await client.load(request, { signal });
		expect(client.status).toBe('ready');
		expect(workers).toHaveLength(2);
	});
});

describe('unloading an EngineClient', () => {
	test('ends the worker without waiting for what it is doing', async () => {
		const hang = (method: string) =>
			method === 'embed' ? new Promise<void>(() => undefined) : Promise.resolve();
		const { client, workers } = await setUpLoaded({ pause: hang });
		const vectors = client.embed(['a'], { signal, purpose: 'passage' });
		const ending = expect(vectors).rejects.toMatchObject({ code: 'cancelled' });
		await nextTask();
		await client.unload();
		await ending;
		expect(client.status).toBe('unloaded');
		expect(workers[0]?.terminated).toBe(true);
	});
});
