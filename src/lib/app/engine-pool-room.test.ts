import { beforeEach, describe, expect, test } from 'vitest';
import type { Sha256 } from '../core/ids.ts';
import type { ModelSpec } from '../core/model-spec.ts';
import type { LoadRequest } from '../engines/engine-contract.ts';
import { ScriptedEngine, scriptedModel } from '../testing/scripted-engine.ts';
import { EngineCrew } from './engine-crew.ts';
import { EnginePool } from './engine-pool.ts';

const never = new AbortController().signal;
const heavy = (id: string): ModelSpec => ({
	...scriptedModel,
	revision: id,
	files: [{ path: 'weights', url: '', bytes: 1e9, sha256: 'ab' as Sha256 }]
});

/** Computes where it is told to, and remembers with how many threads. */
class PlacedEngine extends ScriptedEngine {
	static device: 'wasm' | 'webgpu' = 'wasm';
	threads: number | undefined;

	protected override async doLoad(...args: Parameters<ScriptedEngine['doLoad']>) {
		const [request]: [LoadRequest, ...unknown[]] = args;
		this.threads = request.threads;
		return { ...(await super.doLoad(...args)), device: PlacedEngine.device };
	}
}

let engines: PlacedEngine[];

beforeEach(() => {
	engines = [];
	PlacedEngine.device = 'wasm';
});

function poolWith(parts: { readonly budget?: number | null; readonly crew?: number }): EnginePool {
	return new EnginePool({
		make: () => {
			const engine = new PlacedEngine();
			engines.push(engine);
			return engine;
		},
		memoryBudget: () => Promise.resolve(parts.budget ?? null),
		...(parts.crew !== undefined && { crewSize: () => Promise.resolve(parts.crew!) })
	});
}

describe('room for one more engine', () => {
	test('there is beside those in use while all fit', async () => {
		const pool = poolWith({ budget: 4e9 });
		await pool.use('chat', heavy('1'));
		expect(await pool.room(heavy('2'))).toBe('beside');
	});

	test('there is only in turn where they do not, also while those in use rest', async () => {
		const pool = poolWith({ budget: 2e9 });
		expect(await pool.room(heavy('2'))).toBe('beside');
		await pool.use('chat', heavy('1'));
		expect(await pool.room(heavy('2'))).toBe('in-turn');
		await pool.rest();
		expect(await pool.room(heavy('2'))).toBe('in-turn');
	});

	test('counts what is in use now, not what was replaced', async () => {
		const pool = poolWith({ budget: 4e9 });
		await pool.use('embedding', heavy('1'));
		await pool.use('embedding', scriptedModel);
		expect(await pool.room(heavy('2'))).toBe('beside');
	});
});

test('engines that rest are ended, and start again when they are asked for', async () => {
	const pool = poolWith({});
	await pool.use('chat', scriptedModel);
	await pool.rest();
	expect([engines[0]?.status, pool.status('chat')]).toEqual(['unloaded', 'unloaded']);
	await pool.use('chat', scriptedModel);
	expect([engines.length, pool.status('chat')]).toEqual([2, 'ready']);
});

test('an engine that is opened for little work is one, with the threads that it likes', async () => {
	const engine = await poolWith({ crew: 4 }).open(scriptedModel, never);
	expect(engine).not.toBeInstanceOf(EngineCrew);
	expect(engines[0]?.threads).toBeUndefined();
});

describe('an engine that fills an index', () => {
	test('is several on one thread each, where the processor computes', async () => {
		const engine = await poolWith({ crew: 2 }).openForMany(scriptedModel, never);
		expect(engine).toBeInstanceOf(EngineCrew);
		expect([engines.length, engines[0]?.threads]).toEqual([1, 1]);
		await engine.close();
		expect(engines[0]?.status).toBe('unloaded');
	});

	test('is one on the GPU', async () => {
		PlacedEngine.device = 'webgpu';
		const engine = await poolWith({ crew: 4 }).openForMany(scriptedModel, never);
		expect(engine).not.toBeInstanceOf(EngineCrew);
	});

	test('is one, with the threads that it likes, where there is no room for more', async () => {
		const engine = await poolWith({ crew: 1 }).openForMany(scriptedModel, never);
		expect(engine).not.toBeInstanceOf(EngineCrew);
		expect(engines[0]?.threads).toBeUndefined();
	});

	test('is one where the model makes no vectors', async () => {
		const writer: ModelSpec = {
			...scriptedModel,
			embedding: null
		};
		const engine = await poolWith({ crew: 4 }).openForMany(writer, never);
		expect(engine).not.toBeInstanceOf(EngineCrew);
	});
});
