import { describe, expect, test } from 'vitest';
import { AppError } from '../core/errors.ts';
import type { GenerateEvent, GenerateRequest } from '../core/generation.ts';
import { nextTask } from '../core/next-task.ts';
import { ScriptedEngine, scriptedModel, type Script } from '../testing/scripted-engine.ts';
import type { LoadRequest } from './engine-contract.ts';
import type { EngineStatus } from './engine-status.ts';
import { noFiles } from './no-files.ts';

const { signal } = new AbortController();
const request: LoadRequest = { spec: scriptedModel, files: noFiles, device: 'auto' };

function ask(content: string): GenerateRequest {
	return {
		question: content,
		messages: [{ role: 'user', content }],
		passages: [],
		maxTokens: 10,
		temperature: 0,
		seed: null
	};
}

async function loaded(script: Script = {}): Promise<ScriptedEngine> {
	const engine = new ScriptedEngine(script);
	await engine.load(request, { signal });
	return engine;
}

function embed(engine: ScriptedEngine, texts: string[], purpose: 'query' | 'passage' = 'passage') {
	return engine.embed(texts, { signal, purpose });
}

function answer(engine: ScriptedEngine, question = 'why', abort = signal) {
	return Array.fromAsync(engine.generate(ask(question), { signal: abort }));
}

/** A promise for the script's `pause`, and the function that ends it. */
function gate(): { readonly closed: Promise<void>; readonly open: () => void } {
	const { promise, resolve } = Promise.withResolvers<null>();
	return { closed: promise.then(() => undefined), open: () => resolve(null) };
}

describe('the status of an engine', () => {
	test('goes through loading and busy to ready, and back to unloaded', async () => {
		const engine = new ScriptedEngine();
		const seen: EngineStatus[] = [];
		engine.onStatus((status) => seen.push(status));
		await engine.load(request, { signal });
		await embed(engine, ['a']);
		await answer(engine);
		await engine.unload();
		expect(seen).toEqual([
			'loading',
			'ready',
			'busy',
			'ready',
			'busy',
			'ready',
			'unloading',
			'unloaded'
		]);
	});

	test('is told to nobody who has stopped listening', async () => {
		const engine = new ScriptedEngine();
		const seen: EngineStatus[] = [];
		const stop = engine.onStatus((status) => seen.push(status));
		stop();
		await engine.load(request, { signal });
		expect(seen).toEqual([]);
	});

	test('is ready again by the time the reader sees the end of an answer', async () => {
		const engine = await loaded();
		const seen: [GenerateEvent['type'], EngineStatus][] = [];
		for await (const { type } of engine.generate(ask('why'), { signal })) {
			if (type === 'end') seen.push([type, engine.status]);
		}
		expect(seen).toEqual([['end', 'ready']]);
	});
});

describe('a load', () => {
	test('that fails is reported with its reason, cleaned up, and leaves the engine failed', async () => {
		const error = new Error('no adapter');
		const engine = new ScriptedEngine({ fail: { method: 'load', call: 1, error } });
		await expect(engine.load(request, { signal })).rejects.toMatchObject({
			code: 'engine/load-failed',
			details: { reason: 'no adapter' },
			cause: error
		});
		expect(engine.status).toBe('failed');
		expect(engine.log).toEqual(['load scripted', 'unload']);
		await expect(engine.load(request, { signal })).rejects.toMatchObject({
			code: 'engine/not-loaded'
		});
	});

	test('that fails with a code of ours keeps it', async () => {
		const error = new AppError('engine/out-of-memory');
		const engine = new ScriptedEngine({ fail: { method: 'load', call: 1, error } });
		await expect(engine.load(request, { signal })).rejects.toBe(error);
	});

	test('that is cancelled halfway leaves the engine unloaded and ready to try again', async () => {
		const { closed, open } = gate();
		const engine = new ScriptedEngine({ pause: () => closed });
		const abort = new AbortController();
		const loading = engine.load(request, { signal: abort.signal });
		abort.abort();
		open();
		await expect(loading).rejects.toMatchObject({ code: 'cancelled' });
		expect(engine.status).toBe('unloaded');
		await engine.load(request, { signal });
		expect(engine.status).toBe('ready');
	});

	test('that is under way refuses another', async () => {
		const engine = new ScriptedEngine();
		const loading = engine.load(request, { signal });
		await expect(engine.load(request, { signal })).rejects.toMatchObject({ code: 'engine/busy' });
		await loading;
		expect(engine.log).toEqual(['load scripted']);
	});

	test('that is under way ends when the engine is unloaded', async () => {
		const { closed, open } = gate();
		const engine = new ScriptedEngine({ pause: () => closed });
		const loading = expect(engine.load(request, { signal })).rejects.toMatchObject({
			code: 'cancelled'
		});
		const unloading = engine.unload();
		open();
		await Promise.all([loading, unloading]);
		expect(engine.status).toBe('unloaded');
		expect(() => engine.capabilities).toThrow('not loaded');
	});
});

describe('calls at the same time', () => {
	test('run one after the other, a question before passages that have not begun', async () => {
		const { closed, open } = gate();
		const engine = await loaded({ pause: (method) => (method === 'load' ? nextTask() : closed) });
		const calls = [
			embed(engine, ['first']),
			embed(engine, ['second']),
			answer(engine, 'why'),
			embed(engine, ['what'], 'query')
		];
		await nextTask();
		open();
		await Promise.all(calls);
		expect(engine.log.slice(1)).toEqual([
			'embed passage first',
			'generate why',
			'embed query what',
			'embed passage second'
		]);
	});

	test('that are cancelled while they wait end at once and are never run', async () => {
		const { closed, open } = gate();
		const engine = await loaded({ pause: (method) => (method === 'load' ? nextTask() : closed) });
		const first = embed(engine, ['first']);
		const abort = new AbortController();
		const second = engine.embed(['second'], { signal: abort.signal, purpose: 'passage' });
		const third = answer(engine, 'third', abort.signal);
		await nextTask();
		abort.abort();
		await expect(second).rejects.toMatchObject({ code: 'cancelled' });
		expect(await third).toMatchObject([{ type: 'end', reason: 'cancelled' }]);
		expect(engine.status).toBe('busy');
		open();
		await first;
		expect(engine.log).toEqual(['load scripted', 'embed passage first']);
	});

	test('all end when the engine is unloaded, which waits for the one that is running', async () => {
		const { closed, open } = gate();
		const engine = await loaded({ pause: (method) => (method === 'load' ? nextTask() : closed) });
		const ends = Promise.allSettled([embed(engine, ['a']), embed(engine, ['b']), answer(engine)]);
		await nextTask();
		const unloading = engine.unload();
		await nextTask();
		expect(engine.status).toBe('unloading');
		open();
		await unloading;
		expect(await ends).toMatchObject([
			{ reason: { code: 'cancelled' } },
			{ reason: { code: 'cancelled' } },
			{ value: [{ type: 'end', reason: 'cancelled' }] }
		]);
		expect(engine.log).toEqual(['load scripted', 'embed passage a', 'unload']);
	});
});

describe('an answer', () => {
	test('that the reader leaves lying does not hold the engine', async () => {
		const engine = await loaded();
		await engine.generate(ask('left lying'), { signal }).next();
		expect(await embed(engine, ['a'])).toHaveLength(1);
	});

	test('that fails gives the text so far, then the error, and never an end', async () => {
		const error = new Error('shader crashed');
		const engine = await loaded({ fail: { method: 'generate', call: 1, error } });
		const seen: string[] = [];
		const reading = (async () => {
			for await (const event of engine.generate(ask('why'), { signal })) seen.push(event.type);
		})();
		await expect(reading).rejects.toMatchObject({
			code: 'engine/generate-failed',
			details: { reason: 'shader crashed' }
		});
		expect(seen).toEqual(['text-delta']);
		expect(engine.status).toBe('failed');
	});

	test('counts its pieces as tokens where the engine does not count', async () => {
		const engine = await loaded({ tokens: ['a', 'b', 'c'] });
		expect((await answer(engine)).at(-1)).toMatchObject({
			reason: 'stop',
			usage: { completionTokens: 3, promptTokens: 1 }
		});
	});

	test('begins with what the model says to itself, which counts as tokens too', async () => {
		const engine = await loaded({ reasoning: ['Hm', '…'], tokens: ['Yes'] });
		expect(await answer(engine)).toMatchObject([
			{ type: 'reasoning-delta', text: 'Hm' },
			{ type: 'reasoning-delta', text: '…' },
			{ type: 'text-delta', text: 'Yes' },
			{ type: 'end', usage: { completionTokens: 3 } }
		]);
	});

	test('that is stopped while the model reasons keeps the reasoning', async () => {
		const engine = await loaded({ reasoning: ['Hm', '…'] });
		const abort = new AbortController();
		const events: GenerateEvent[] = [];
		for await (const event of engine.generate(ask('why'), { signal: abort.signal })) {
			events.push(event);
			abort.abort();
		}
		expect(events).toMatchObject([
			{ type: 'reasoning-delta', text: 'Hm' },
			{ type: 'end', reason: 'cancelled' }
		]);
	});

	test('tells how much of the prompt was known already, where the engine does', async () => {
		const knowing = await answer(await loaded({ cachedTokens: 1 }));
		expect(knowing.at(-1)).toMatchObject({ usage: { promptTokens: 1, cachedTokens: 1 } });
		const silent = (await answer(await loaded())).at(-1);
		expect(silent?.type === 'end' && 'cachedTokens' in silent.usage).toBe(false);
	});

	test('of numbers that are none leaves the engine failed', async () => {
		const error = new AppError('engine/bad-output', { details: { reason: 'NaN' } });
		const engine = await loaded({ fail: { method: 'generate', call: 1, error } });
		await expect(answer(engine)).rejects.toBe(error);
		expect(engine.status).toBe('failed');
	});

	test('to which nothing is written has one end and nothing else', async () => {
		const engine = await loaded({ tokens: [] });
		expect(await answer(engine)).toMatchObject([{ type: 'end', reason: 'stop' }]);
	});
});

describe('failures of a call', () => {
	test('of a foreign kind make the engine failed, and later calls are refused', async () => {
		const error = new TypeError('undefined is not a function');
		const engine = await loaded({ fail: { method: 'embed', call: 1, error } });
		await expect(embed(engine, ['a'])).rejects.toMatchObject({
			code: 'engine/embed-failed',
			cause: error
		});
		expect(engine.status).toBe('failed');
		await expect(embed(engine, ['a'])).rejects.toMatchObject({ code: 'engine/not-loaded' });
	});

	test('by a lost device make it lost, until it is unloaded and loaded anew', async () => {
		const error = new AppError('engine/device-lost');
		const engine = await loaded({ fail: { method: 'embed', call: 1, error } });
		await expect(embed(engine, ['a'])).rejects.toBe(error);
		expect(engine.status).toBe('lost');
		await expect(embed(engine, ['a'])).rejects.toBe(error);
		await engine.unload();
		await engine.load(request, { signal });
		expect(await embed(engine, ['a'])).toHaveLength(1);
	});

	test('that the engine survives leave it ready', async () => {
		const error = new AppError('engine/context-overflow');
		const engine = await loaded({ fail: { method: 'embed', call: 1, error } });
		await expect(embed(engine, ['a'])).rejects.toBe(error);
		expect(engine.status).toBe('ready');
	});

	test('that left it without a sign of life make it lost', async () => {
		const error = new AppError('engine/stalled', { details: { seconds: 60 } });
		const engine = await loaded({ fail: { method: 'generate', call: 1, error } });
		await expect(answer(engine)).rejects.toBe(error);
		expect(engine.status).toBe('lost');
		await expect(embed(engine, ['a'])).rejects.toBe(error);
	});

	test('of a remote server leave it ready', async () => {
		const error = new AppError('remote/unreachable', { details: { host: 'a' } });
		const engine = await loaded({ fail: { method: 'generate', call: 1, error } });
		await expect(answer(engine)).rejects.toBe(error);
		expect(engine.status).toBe('ready');
	});

	test('do not stop calls that wait from being refused', async () => {
		const error = new Error('broken');
		const engine = await loaded({ fail: { method: 'embed', call: 1, error } });
		const ends = await Promise.allSettled([embed(engine, ['a']), embed(engine, ['b'])]);
		expect(ends).toMatchObject([
			{ reason: { code: 'engine/embed-failed' } },
			{ reason: { code: 'engine/not-loaded' } }
		]);
	});

	test('after an abort are told as cancelled, though the engine is done for', async () => {
		const { closed, open } = gate();
		const engine = await loaded({
			pause: (method) =>
				method === 'load'
					? nextTask()
					: closed.then(() => {
							throw new Error('aborted in a bad place');
						})
		});
		const abort = new AbortController();
		const vectors = engine.embed(['a'], { signal: abort.signal, purpose: 'passage' });
		await nextTask();
		abort.abort();
		open();
		await expect(vectors).rejects.toMatchObject({ code: 'cancelled' });
		expect(engine.status).toBe('failed');
	});

	test('of the device while nothing runs are noticed', async () => {
		const engine = await loaded();
		engine.lose();
		expect(engine.status).toBe('lost');
		await expect(answer(engine)).rejects.toMatchObject({ code: 'engine/device-lost' });
	});
});

describe('vectors', () => {
	test('are checked before anybody gets them', async () => {
		const engine = await loaded({ vectors: () => [new Float32Array(8).fill(NaN)] });
		await expect(embed(engine, ['a'])).rejects.toMatchObject({ code: 'engine/bad-output' });
		expect(engine.status).toBe('ready');
	});

	test('must be as many as the texts', async () => {
		const engine = await loaded({ vectors: () => [] });
		await expect(embed(engine, ['a'])).rejects.toMatchObject({
			code: 'engine/bad-output',
			details: { reason: '0 vectors for 1 texts' }
		});
	});
});

describe('unloading', () => {
	test('does nothing to an engine that is not loaded', async () => {
		const engine = new ScriptedEngine();
		await engine.unload();
		expect(engine.log).toEqual([]);
	});

	test('twice at once happens once', async () => {
		const engine = await loaded();
		await Promise.all([engine.unload(), engine.unload()]);
		expect(engine.log).toEqual(['load scripted', 'unload']);
	});

	test('succeeds even where the engine fails at it', async () => {
		const error = new Error('already gone');
		const engine = await loaded({ fail: { method: 'unload', call: 1, error } });
		await engine.unload();
		expect(engine.status).toBe('unloaded');
	});
});
