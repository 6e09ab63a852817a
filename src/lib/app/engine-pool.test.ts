import { beforeEach, describe, expect, test } from 'vitest';
import { AppError } from '../core/errors.ts';
import type { ModelSpec } from '../core/model-spec.ts';
import type { LoadRequest } from '../engines/engine-contract.ts';
import { nextTask } from '../testing/next-task.ts';
import { ScriptedEngine, scriptedModel, type Script } from '../testing/scripted-engine.ts';
import { EnginePool, type EngineRole } from './engine-pool.ts';

const first: ModelSpec = { ...scriptedModel, revision: '1' };
const second: ModelSpec = { ...scriptedModel, revision: '2' };
const never = new AbortController().signal;
const failingOnce: Script = {
	fail: { method: 'load', call: 1, error: new AppError('engine/device-lost') }
};

/** Remembers for which device it was loaded. */
class PooledEngine extends ScriptedEngine {
	readonly devices: string[] = [];

	protected override doLoad(...args: Parameters<ScriptedEngine['doLoad']>) {
		const [request]: [LoadRequest, ...unknown[]] = args;
		this.devices.push(request.device);
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
function poolOf(
	scripts: readonly Script[] = [{}],
	hooks: Partial<ConstructorParameters<typeof EnginePool>[0]> = {}
): EnginePool {
	const pool = new EnginePool({
		make: () => {
			const engine = new PooledEngine(scripts[engines.length] ?? scripts.at(-1));
			engines.push(engine);
			return engine;
		},
		...hooks
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
	test('is tried a second time on the processor', async () => {
		const pool = poolOf([failingOnce]);
		const engine = await pool.use('chat', first);
		expect(engine.status).toBe('ready');
		expect(engines[0]?.devices).toEqual(['auto', 'wasm']);
	});

	test('is not tried again where another device would not help', async () => {
		const error = new AppError('library/not-installed', { details: { model: 'x' } });
		const pool = poolOf([{ fail: { method: 'load', call: 1, error } }]);
		await expect(pool.use('chat', first)).rejects.toBe(error);
		expect(engines[0]?.devices).toEqual(['auto']);
	});

	test('leaves nothing behind: whoever asks next gets a new engine', async () => {
		const error = new AppError('storage/corrupt');
		const pool = poolOf([{ fail: { method: 'load', call: 1, error } }, {}]);
		await expect(pool.use('chat', first)).rejects.toBe(error);
		expect(pool.status('chat')).toBe('unloaded');
		expect((await pool.use('chat', first)).status).toBe('ready');
	});

	test('is the same failure for all who wait for it, the second attempt included', async () => {
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
		const pool = poolOf([{}], { onStart: () => counted.promise });
		const old = pool.use('chat', first);
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

describe('counting starts', () => {
	test('a start is counted before the load, and reported good after it', async () => {
		const log: string[] = [];
		const note = (what: string) => async (role: EngineRole) => {
			log.push(`${what} ${role}, ${engines[0]?.status}`);
		};
		const pool = poolOf([{}], { onStart: note('start'), onStarted: note('started') });
		await pool.use('chat', first);
		await pool.use('chat', first);
		expect(log).toEqual(['start chat, unloaded', 'started chat, ready']);
	});

	test('a start that fails is not reported good', async () => {
		const good: string[] = [];
		const error = new AppError('storage/corrupt');
		const pool = poolOf([{ fail: { method: 'load', call: 1, error } }], {
			onStarted: async (role) => void good.push(role)
		});
		await expect(pool.use('chat', first)).rejects.toBe(error);
		expect(good).toEqual([]);
	});

	test.each(['onStart', 'onStarted'] as const)(
		'no engine stays when %s fails, and the next one is tried anew',
		async (hook) => {
			let calls = 0;
			const failOnce = async () => {
				if (calls++ === 0) throw new AppError('storage/quota');
			};
			const pool = poolOf([{}], { [hook]: failOnce });
			await expect(pool.use('chat', first)).rejects.toMatchObject({ code: 'storage/quota' });
			await nextTask();
			expect(engines[0]?.status).toBe('unloaded');
			expect((await pool.use('chat', first)).status).toBe('ready');
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

	test('is not counted as a start', async () => {
		const started: string[] = [];
		const pool = poolOf([{}], { onStart: async (role) => void started.push(role) });
		await pool.open(first, never);
		expect(started).toEqual([]);
	});

	test('is unloaded when its load fails on every device', async () => {
		const pool = poolOf();
		const broken: ModelSpec = { ...first, id: 'other' as ModelSpec['id'] };
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
