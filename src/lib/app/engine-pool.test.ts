import { beforeEach, describe, expect, test } from 'vitest';
import { AppError } from '../core/errors.ts';
import type { AdapterId } from '../core/ids.ts';
import type { ModelSpec } from '../core/model-spec.ts';
import { nextTask } from '../core/next-task.ts';
import type { AdapterUse } from '../core/setup.ts';
import type { LoadRequest } from '../engines/engine-contract.ts';
import { ScriptedEngine, scriptedModel, type Script } from '../testing/scripted-engine.ts';
import { EnginePool, type LoadNotes } from './engine-pool.ts';

const first: ModelSpec = { ...scriptedModel, revision: '1' };
const second: ModelSpec = { ...scriptedModel, revision: '2' };
const never = new AbortController().signal;
const nothing = (): Promise<void> => Promise.resolve();
const noNotes: LoadNotes = { begin: nothing, loaded: nothing, failed: nothing };
/** A model that a processor can compute as well. */
const onnx: ModelSpec = { ...first, engine: 'transformers', dtype: 'q8' };
const failingOnce: Script = {
	fail: { method: 'load', call: 1, error: new AppError('engine/device-lost') }
};

/** Remembers for which device it was loaded, and with which adapters. */
class PooledEngine extends ScriptedEngine {
	readonly devices: string[] = [];
	readonly adapters: (readonly AdapterUse[] | undefined)[] = [];

	protected override doLoad(...args: Parameters<ScriptedEngine['doLoad']>) {
		const [request]: [LoadRequest, ...unknown[]] = args;
		this.devices.push(request.device);
		this.adapters.push(request.adapters);
		return super.doLoad(...args);
	}
}

let engines: PooledEngine[];
let statuses: string[];

beforeEach(() => {
	engines = [];
	statuses = [];
});

/** Each engine that the pool makes follows the next script; the last one serves for all that come. */
function poolOf(scripts: readonly Script[] = [{}]): EnginePool {
	const pool = new EnginePool({
		make: () => {
			const engine = new PooledEngine(scripts[engines.length] ?? scripts.at(-1));
			engines.push(engine);
			return engine;
		}
	});
	pool.onStatus((role, status) => statuses.push(`${role} ${status}`));
	return pool;
}

/** A script that waits in its load until it is let go. */
function waiting() {
	const { promise, resolve } = Promise.withResolvers<undefined>();
	const script: Script = {
		pause: (method) => (method === 'load' ? promise : Promise.resolve())
	};
	return { script, go: () => resolve(undefined) };
}

describe('an engine in use', () => {
	test('is loaded when it is first asked for, and then stays', async () => {
		const pool = poolOf();
		const engine = await pool.use('chat', first);
		expect(engine.status).toBe('ready');
		expect(await pool.use('chat', first)).toBe(engine);
		expect(engines).toHaveLength(1);
	});

	test('is loaded once for all who ask at the same time', async () => {
		const pool = poolOf();
		const [one, two] = await Promise.all([pool.use('chat', first), pool.use('chat', first)]);
		expect(one).toBe(two);
		expect(engines).toHaveLength(1);
	});

	test('is one of its own for each role', async () => {
		const pool = poolOf();
		const chat = await pool.use('chat', first);
		expect(await pool.use('embedding', first)).not.toBe(chat);
	});

	test('makes room for another choice', async () => {
		const pool = poolOf();
		const old = await pool.use('chat', first);
		const next = await pool.use('chat', second);
		await nextTask();
		expect([old.status, next.status]).toEqual(['unloaded', 'ready']);
	});

	test('ends its call before another choice takes its place', async () => {
		const call = Promise.withResolvers<undefined>();
		const pool = poolOf([{ pause: (method) => (method === 'embed' ? call.promise : nothing()) }]);
		const old = await pool.use('embedding', first);
		const vectors = old.embed(['a'], { purpose: 'query', signal: never });
		const next = pool.use('embedding', second);
		await nextTask();
		expect(engines.map(({ status, devices }) => [status, devices])).toEqual([
			['busy', ['auto']],
			['unloaded', []]
		]);
		call.resolve(undefined);
		expect(await vectors).toHaveLength(1);
		expect((await next).status).toBe('ready');
		await nextTask();
		expect(old.status).toBe('unloaded');
	});

	test('is ended in the middle of a call, replaced or not, when the pool is closed', async () => {
		const call = Promise.withResolvers<undefined>();
		const pool = poolOf([{ pause: (method) => (method === 'embed' ? call.promise : nothing()) }]);
		const old = await pool.use('embedding', first);
		const vectors = old.embed(['a'], { purpose: 'query', signal: never });
		const next = pool.use('embedding', second);
		const ended = Promise.allSettled([vectors, next]);
		const closed = pool.closeAll();
		call.resolve(undefined);
		await closed;
		expect((await ended).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
		expect(old.status).toBe('unloaded');
	});

	test('ends its call before it rests', async () => {
		const call = Promise.withResolvers<undefined>();
		const pool = poolOf([{ pause: (method) => (method === 'embed' ? call.promise : nothing()) }]);
		const engine = await pool.use('embedding', first);
		const vectors = engine.embed(['a'], { purpose: 'query', signal: never });
		const resting = pool.rest();
		await nextTask();
		expect(engine.status).toBe('busy');
		call.resolve(undefined);
		expect(await vectors).toHaveLength(1);
		await resting;
		expect(engine.status).toBe('unloaded');
	});

	test('is started anew after it was lost, and after a call has failed', async () => {
		const pool = poolOf([{}, { fail: { method: 'embed', call: 1, error: new Error('broken') } }]);
		await pool.use('embedding', first);
		engines[0]?.lose();
		const again = await pool.use('embedding', first);
		await expect(again.embed(['a'], { purpose: 'query', signal: never })).rejects.toThrow();
		const third = await pool.use('embedding', first);
		expect(third).toBe(engines[2]);
		expect(third.status).toBe('ready');
	});

	test('starts again after the pool was closed', async () => {
		const pool = poolOf();
		const old = await pool.use('chat', first);
		await pool.closeAll();
		expect([old.status, pool.status('chat')]).toEqual(['unloaded', 'unloaded']);
		expect(statuses.at(-1)).toBe('chat unloaded');
		expect((await pool.use('chat', first)).status).toBe('ready');
	});
});

describe('a load that fails', () => {
	test('is one attempt, in a worker that is ended', async () => {
		const pool = poolOf([failingOnce]);
		await expect(pool.use('chat', onnx)).rejects.toMatchObject({ code: 'engine/device-lost' });
		await nextTask();
		expect(engines.map(({ devices, status }) => [devices, status])).toEqual([
			[['auto'], 'unloaded']
		]);
	});

	test('can be followed by one for another device, in a fresh worker', async () => {
		const pool = poolOf([failingOnce, {}]);
		await pool.use('chat', onnx).catch(() => undefined);
		const engine = await pool.use('chat', onnx, { device: 'wasm' });
		expect(engines.map(({ devices }) => devices)).toEqual([['auto'], ['wasm']]);
		expect(await pool.use('chat', onnx, { device: 'wasm' })).toBe(engine);
	});

	test('leaves nothing behind: whoever asks next gets a new engine', async () => {
		const error = new AppError('storage/corrupt');
		const pool = poolOf([{ fail: { method: 'load', call: 1, error } }, {}]);
		await expect(pool.use('chat', first)).rejects.toBe(error);
		expect(pool.status('chat')).toBe('unloaded');
		expect((await pool.use('chat', first)).status).toBe('ready');
	});

	test('is the same failure for all who wait for it', async () => {
		const broken: ModelSpec = { ...first, id: 'other' as ModelSpec['id'] };
		const pool = poolOf();
		const both = [pool.use('chat', broken), pool.use('chat', broken)];
		const outcomes = await Promise.allSettled(both);
		expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
		expect(engines).toHaveLength(1);
		expect(statuses.at(-1)).toBe('chat failed');
	});
});

describe('another choice while an engine is loading', () => {
	test('is what everybody gets from then on', async () => {
		const { script, go } = waiting();
		const pool = poolOf([script, {}]);
		const old = pool.use('chat', first);
		await nextTask();
		const next = pool.use('chat', second);
		go();
		await expect(old).rejects.toMatchObject({ code: 'cancelled' });
		expect(await pool.use('chat', second)).toBe(await next);
		expect(engines).toHaveLength(2);
	});

	test('is not thrown out by an old one that was loaded and still being noted', async () => {
		const pool = poolOf();
		const { promise, resolve } = Promise.withResolvers<undefined>();
		const notes: LoadNotes = { ...noNotes, loaded: () => promise };
		const old = pool.use('chat', first, { notes });
		await expect.poll(() => engines[0]?.status).toBe('ready');
		const engine = await pool.use('chat', second);
		resolve(undefined);
		await expect(old).rejects.toMatchObject({ code: 'cancelled' });
		expect(await pool.use('chat', second)).toBe(engine);
	});

	test('is not thrown out by the failure of the old one', async () => {
		const { script, go } = waiting();
		const pool = poolOf([{ ...script, ...failingOnce }, {}]);
		const old = pool.use('chat', first);
		await nextTask();
		const next = await pool.use('chat', second);
		go();
		await expect(old).rejects.toMatchObject({ code: 'cancelled' });
		expect(await pool.use('chat', second)).toBe(next);
		expect(engines[0]?.devices).toEqual(['auto']);
	});

	test('keeps the old engine from being loaded at all when it has not begun', async () => {
		const counted = Promise.withResolvers<undefined>();
		const pool = poolOf();
		const notes = { ...noNotes, begin: () => counted.promise };
		const old = pool.use('chat', first, { notes });
		const next = pool.use('chat', second);
		counted.resolve(undefined);
		await expect(old).rejects.toMatchObject({ code: 'cancelled' });
		await next;
		expect(engines[0]?.devices).toEqual([]);
	});

	test('is the only one whose state is told', async () => {
		const pool = poolOf();
		await pool.use('chat', first);
		statuses.length = 0;
		await pool.use('chat', second);
		await nextTask();
		expect(statuses).toEqual(['chat loading', 'chat ready']);
	});
});

describe('a load that nobody wants any more', () => {
	test('ends at once, and with it the engine', async () => {
		const { script, go } = waiting();
		const pool = poolOf([script]);
		const control = new AbortController();
		const using = pool.use('chat', first, { signal: control.signal });
		await nextTask();
		control.abort();
		await expect(using).rejects.toMatchObject({ code: 'cancelled' });
		expect([pool.status('chat'), statuses.at(-1)]).toEqual(['unloaded', 'chat unloaded']);
		go();
		await expect.poll(() => engines[0]?.status).toBe('unloaded');
	});

	test('goes on while somebody else waits for it', async () => {
		const { script, go } = waiting();
		const pool = poolOf([script]);
		const control = new AbortController();
		const impatient = pool.use('chat', first, { signal: control.signal });
		const patient = pool.use('chat', first, { signal: never });
		await nextTask();
		control.abort();
		await expect(impatient).rejects.toMatchObject({ code: 'cancelled' });
		go();
		expect((await patient).status).toBe('ready');
		expect(engines).toHaveLength(1);
	});

	test('does not begin for a signal that has aborted before', async () => {
		const pool = poolOf();
		const using = pool.use('chat', first, { signal: AbortSignal.abort() });
		await expect(using).rejects.toMatchObject({ code: 'cancelled' });
		expect(engines).toEqual([]);
	});

	test('leaves an engine alone that is loaded already', async () => {
		const pool = poolOf();
		const control = new AbortController();
		const engine = await pool.use('chat', first, { signal: control.signal });
		control.abort();
		expect(engine.status).toBe('ready');
	});
});

describe('an engine that is retired', () => {
	test('is ended, and the next one is a fresh one', async () => {
		const pool = poolOf();
		const old = await pool.use('chat', first);
		pool.retire('chat', old);
		await nextTask();
		expect(old.status).toBe('unloaded');
		expect(await pool.use('chat', first)).toBe(engines[1]);
	});

	test('does not take with it the one that has replaced it', async () => {
		const pool = poolOf();
		const old = await pool.use('chat', first);
		const next = await pool.use('chat', second);
		pool.retire('chat', old);
		expect(next.status).toBe('ready');
	});
});

describe('what is noted around a load', () => {
	test('begins before it, and ends after it', async () => {
		const log: string[] = [];
		const note = (what: string) => async () => void log.push(`${what}, ${engines[0]?.status}`);
		const notes = { begin: note('begin'), loaded: note('loaded'), failed: note('failed') };
		const pool = poolOf();
		await pool.use('chat', first, { notes });
		await pool.use('chat', first, { notes });
		expect(log).toEqual(['begin, unloaded', 'loaded, ready']);
	});

	test.each(['fails', 'is given up'])('says that it was not loaded when it %s', async (how) => {
		const log: string[] = [];
		const notes: LoadNotes = {
			...noNotes,
			loaded: async () => void log.push('loaded'),
			failed: async () => void log.push('failed')
		};
		const error = new AppError('storage/corrupt');
		const { script, go } = waiting();
		const pool = poolOf([
			how === 'fails' ? { fail: { method: 'load', call: 1, error } } : script,
			{}
		]);
		const using = pool.use('chat', first, { notes });
		const outcome = expect(using).rejects.toThrow();
		await nextTask();
		const closing = pool.closeAll();
		go();
		await outcome;
		await closing;
		expect(log).toEqual(['failed']);
	});

	test.each(['begin', 'loaded'] as const)(
		'no engine stays when %s fails, and the next one is tried anew',
		async (method) => {
			let calls = 0;
			const failOnce = async () => {
				if (calls++ === 0) throw new AppError('storage/quota');
			};
			const notes = { ...noNotes, [method]: failOnce };
			const pool = poolOf();
			await expect(pool.use('chat', first, { notes })).rejects.toMatchObject({
				code: 'storage/quota'
			});
			await nextTask();
			expect(engines[0]?.status).toBe('unloaded');
			expect((await pool.use('chat', first, { notes })).status).toBe('ready');
		}
	);
});

describe('an engine beside those in use', () => {
	test('works, and is unloaded when its user closes it', async () => {
		const pool = poolOf();
		const bench = await pool.open(first, never);
		expect(bench.dims).toBe(8);
		expect(await bench.embed(['a', 'b'], 'passage', never)).toHaveLength(2);
		expect(statuses).toEqual([]);
		await bench.close();
		expect(engines[0]?.status).toBe('unloaded');
	});

	test('is tried on the processor where it can be computed there', async () => {
		const pool = poolOf([failingOnce]);
		const bench = await pool.open(onnx, never);
		expect(bench.device).toBe('cpu');
		expect(engines[0]?.devices).toEqual(['auto', 'wasm']);
	});

	test.each([
		['another device would not help', onnx, new AppError('library/not-installed')],
		['it needs the GPU', { ...onnx, dtype: 'q4f16' }, new AppError('engine/device-lost')]
	])('is not tried there when %s', async (_, spec, error) => {
		const pool = poolOf([{ fail: { method: 'load', call: 1, error } }]);
		await expect(pool.open(spec, never)).rejects.toBe(error);
		expect(engines[0]?.devices).toEqual(['auto']);
	});

	test('is tried on the device alone that was asked for', async () => {
		const pool = poolOf([failingOnce, {}]);
		await expect(pool.open(onnx, never, [], 'webgpu')).rejects.toMatchObject({
			code: 'engine/device-lost'
		});
		await pool.open(onnx, never, [], 'wasm');
		expect(engines.map(({ devices }) => devices)).toEqual([['webgpu'], ['wasm']]);
	});

	test('is unloaded when its load fails on every device', async () => {
		const pool = poolOf();
		const broken: ModelSpec = { ...onnx, id: 'other' as ModelSpec['id'] };
		await expect(pool.open(broken, never)).rejects.toMatchObject({ code: 'engine/load-failed' });
		expect(engines[0]?.devices).toEqual(['auto', 'wasm']);
		expect(engines[0]?.status).toBe('unloaded');
	});

	test('ends with its signal', async () => {
		const { script, go } = waiting();
		const pool = poolOf([script]);
		const control = new AbortController();
		const opening = pool.open(first, control.signal);
		await nextTask();
		control.abort();
		go();
		await expect(opening).rejects.toMatchObject({ code: 'cancelled' });
		expect(engines[0]?.status).toBe('unloaded');
	});
});

describe('adapters', () => {
	const style: AdapterUse = { adapter: 'style' as AdapterId, strength: 1 };
	const law: AdapterUse = { adapter: 'law' as AdapterId, strength: 1 };

	test('make another engine of the same model, which takes the place of the one before', async () => {
		const pool = poolOf();
		const plain = await pool.use('chat', first);
		const adapted = await pool.use('chat', first, { adapters: [style] });
		await nextTask();
		expect([plain.status, adapted.status]).toEqual(['unloaded', 'ready']);
		expect(engines.map(({ adapters }) => adapters)).toEqual([[[]], [[style]]]);
	});

	test('cost no load where the same ones are on, in whatever order', async () => {
		const pool = poolOf();
		const engine = await pool.use('chat', first, { adapters: [style, law] });
		expect(await pool.use('chat', first, { adapters: [law, style] })).toBe(engine);
	});

	test('cost one where the strength is another', async () => {
		const pool = poolOf();
		const engine = await pool.use('chat', first, { adapters: [style] });
		const weaker = [{ ...style, strength: 0.5 }];
		expect(await pool.use('chat', first, { adapters: weaker })).not.toBe(engine);
	});

	test('are noted before the load begins', async () => {
		const seen: (readonly AdapterUse[])[] = [];
		const notes: LoadNotes = { ...noNotes, begin: async (uses) => void seen.push(uses) };
		await poolOf().use('chat', first, { adapters: [style], notes });
		await poolOf().use('chat', first, { notes });
		expect(seen).toEqual([[style], []]);
	});

	test('are on in an engine that is opened beside, and in no other', async () => {
		const pool = poolOf();
		await pool.use('chat', first);
		const beside = await pool.open(first, never, [style]);
		expect(engines.map(({ adapters }) => adapters)).toEqual([[[]], [[style]]]);
		await beside.close();
	});
});
