import { beforeEach, describe, expect, test } from 'vitest';
import { adapterCheckStore } from '../adapters/adapter-records.ts';
import { AppError } from '../core/errors.ts';
import type { GenerateRequest } from '../core/generation.ts';
import type { AdapterId } from '../core/ids.ts';
import type { ModelSpec } from '../core/model-spec.ts';
import type { AdapterUse, Setup } from '../core/setup.ts';
import { AnsweringWorld, onnxModel } from '../testing/answering-world.ts';
import { write } from '../ports/store-write.ts';
import { loadMarkStore } from './load-mark.ts';
import { choiceOf } from './model-directory.ts';

const file = { path: 'w', url: 'https://hub.invalid/w', bytes: 5, sha256: '' as never };
const [gemma, qwen] = ['Gemma', 'Qwen'].map((name): ModelSpec => ({
	...onnxModel(name),
	files: [file]
})) as [ModelSpec, ModelSpec];
const starter: ModelSpec = { ...onnxModel('Starter 2'), engine: 'starter', dtype: null };
const [style, law] = ['style', 'law'].map((id): AdapterUse => ({
	adapter: id as AdapterId,
	strength: 1
})) as [AdapterUse, AdapterUse];
const signal = new AbortController().signal;
const full = new AppError('engine/out-of-memory');
const lost = new AppError('engine/device-lost');
const noMatch = new AppError('adapter/no-match', {
	details: { adapter: 'law', name: 'My law', model: 'Gemma', reason: 'it has other layers' }
});
const request: GenerateRequest = {
	...{ question: 'What?', messages: [{ role: 'user', content: 'What?' }], passages: [] },
	...{ maxTokens: 8, temperature: 0, seed: 1 }
};

let world: AnsweringWorld;

beforeEach(async () => {
	world = new AnsweringWorld([gemma, qwen], [starter]);
	await world.setup.initialise(withAdapters(gemma, style, law));
});

function withAdapters(model: ModelSpec, ...adapters: readonly AdapterUse[]): Setup {
	return { ...world.setupOf(model), adapters };
}

/** Loads that contain these words fail. */
function failing(errors: Readonly<Record<string, AppError>>): void {
	world.onLoad = (load) => {
		for (const [words, error] of Object.entries(errors)) if (load.includes(words)) throw error;
	};
}

const open = (wanted: ModelSpec | null = null) =>
	world.answers.open(wanted && choiceOf(wanted), signal);

describe('the adapters of the setup', () => {
	test('are on when its engine answers, and the answer can name them', async () => {
		const { adapters } = await open();
		expect(world.loads).toEqual(['gemma auto +style +law']);
		expect(adapters).toEqual([
			{ id: 'style', name: 'My style', strength: 1 },
			{ id: 'law', name: 'My law', strength: 1 }
		]);
	});

	test('stay with its engine: a chat with one of its own has none', async () => {
		expect((await open(qwen)).adapters).toBeUndefined();
		expect(world.loads).toEqual(['qwen auto']);
	});

	test('are on where a chat has chosen the same engine by itself', async () => {
		await open();
		await open(gemma);
		expect(world.loads).toEqual(['gemma auto +style +law']);
	});

	test('cost one load when they change, and none when they do not', async () => {
		await open();
		const record = await world.setup.read();
		await world.setup.replace(record?.sequence ?? 0, withAdapters(gemma, law));
		await open();
		await open();
		expect(world.loads).toEqual(['gemma auto +style +law', 'gemma auto +law']);
	});

	test('are those of the moment in which the question was asked', async () => {
		const pinned = (await world.setup.read()) ?? null;
		await world.setup.replace(1, withAdapters(gemma));
		await world.answers.open(null, signal, pinned);
		expect(world.loads).toEqual(['gemma auto +style +law']);
	});

	test('do not follow to what stands in for its engine', async () => {
		failing({ gemma: new AppError('library/damaged', { details: { model: 'Gemma' } }) });
		const { engine, adapters } = await open();
		expect(engine.name).toBe('Starter 2');
		expect(adapters).toBeUndefined();
		expect(world.adapterFailures).toEqual([]);
	});

	test('are on in a load that whoever waited for another one follows', async () => {
		await world.setup.replace(1, withAdapters(gemma));
		const held = Promise.withResolvers<undefined>();
		world.onLoad = (load) => (load === 'gemma auto' ? held.promise : undefined);
		const waiting = open();
		await expect.poll(() => world.loads).toHaveLength(1);
		await world.setup.replace(2, withAdapters(gemma, style));
		await open();
		held.resolve(undefined);
		expect((await waiting).adapters).toHaveLength(1);
	});
});

describe('an adapter that does not fit', () => {
	test('is left out alone, and the answer says so', async () => {
		failing({ '+law': noMatch });
		const { adapters, mishaps } = await open();
		expect(adapters?.map(({ name }) => name)).toEqual(['My style']);
		expect(mishaps).toEqual([
			'No part of "My law" fits Gemma: it has other layers, so Gemma went on without that adapter.'
		]);
		expect(world.adapterFailures).toEqual(['law with gemma: adapter/no-match']);
	});

	test('is not charged with what the engine does without it as well', async () => {
		world.onLoad = (load) => {
			if (load.includes('+law')) throw noMatch;
			if (load.startsWith('gemma')) throw lost;
		};
		expect((await open()).engine.name).toBe('Starter 2');
		expect(world.adapterFailures).toEqual([]);
	});
});

describe('an adapter that is known to fail with the engine', () => {
	const noted = (result: 'failed' | 'works') =>
		world.records.commit([
			write.put(adapterCheckStore, {
				...{ adapter: law.adapter, model: gemma.id, at: 1, result },
				...{ reason: 'It does not fit.', matched: 0, of: 2 }
			})
		]);

	test('is not loaded with it again, though an upgrade keeps it in the setup', async () => {
		await noted('failed');
		const { adapters, mishaps } = await open();
		expect(world.loads).toEqual(['gemma auto +style']);
		expect([adapters?.map(({ name }) => name), mishaps]).toEqual([['My style'], []]);
		expect(world.adapterFailures).toEqual([]);
	});

	test('is on again once it has been tried and works', async () => {
		await noted('failed');
		await noted('works');
		expect((await open()).adapters).toHaveLength(2);
	});
});

describe('an engine that loads only without its adapters', () => {
	test('answers without them, where it would have gone to the processor', async () => {
		failing({ '+': full });
		const { engine, device, adapters, mishaps } = await open();
		expect([engine.name, device, adapters]).toEqual(['Gemma', 'webgpu', undefined]);
		expect(mishaps).toEqual([
			'Gemma ran out of memory on the GPU, so it went on without its adapters.'
		]);
		expect(world.adapterFailures).toEqual([
			'style with gemma: engine/out-of-memory',
			'law with gemma: engine/out-of-memory'
		]);
	});

	test('is first given a second chance with them where the error may pass', async () => {
		failing({ '+': lost });
		await open();
		expect(world.loads).toEqual(['gemma auto +style +law', 'gemma auto +style +law', 'gemma auto']);
	});

	test('does not count as a failed start of a trial', async () => {
		await world.setup.replace(1, world.setupOf(qwen));
		await world.tryOut(world.setupOf(qwen), withAdapters(gemma, style));
		failing({ '+': full });
		expect((await open()).engine.name).toBe('Gemma');
		expect(world.reports).toEqual([]);
		expect((await world.setup.read())?.trial?.unprovenStarts).toBe(0);
	});
});

describe('an engine that does not load at all', () => {
	test('clears its adapters: they are on again on the processor', async () => {
		failing({ auto: full });
		const { device, adapters, mishaps } = await open();
		expect(world.loads).toEqual(['gemma auto +style +law', 'gemma auto', 'gemma wasm +style +law']);
		expect([device, adapters?.length]).toEqual(['wasm', 2]);
		expect(mishaps).toEqual([
			'Gemma ran out of memory on the GPU, so it was tried without its adapters.',
			'Gemma ran out of memory on the GPU, so it went on on the processor.'
		]);
		expect(world.adapterFailures).toEqual([]);
	});

	test('counts as one failed start of a trial', async () => {
		await world.setup.replace(1, world.setupOf(qwen));
		await world.tryOut(world.setupOf(qwen), withAdapters(gemma, style));
		failing({ gemma: lost });
		expect((await open()).engine.name).toBe('Qwen');
		expect(world.reports).toEqual([1]);
		expect(world.adapterFailures).toEqual([]);
	});
});

describe('an answer that breaks off with adapters on', () => {
	const nan = new AppError('engine/bad-output');

	test('is written without them, and they are charged once it is whole', async () => {
		const first = await open();
		const second = await first.insteadOf(nan, signal);
		expect(second.adapters).toBeUndefined();
		expect(second.mishaps).toEqual([
			'Gemma returned values that cannot be right, so it went on without its adapters.'
		]);
		expect(world.adapterFailures).toEqual([]);
		await Array.fromAsync(second.generate(request, signal));
		expect(world.adapterFailures).toHaveLength(2);
	});

	test('clears them when it breaks off without them, too', async () => {
		const first = await open();
		const second = await first.insteadOf(nan, signal);
		const third = await second.insteadOf(nan, signal);
		expect([third.device, third.adapters?.length]).toEqual(['wasm', 2]);
		await Array.fromAsync(third.generate(request, signal));
		expect(world.adapterFailures).toEqual([]);
	});

	test('says nothing of them when the user stops it', async () => {
		const control = new AbortController();
		const second = await (await open()).insteadOf(nan, signal);
		control.abort();
		await Array.fromAsync(second.generate(request, control.signal));
		expect(world.adapterFailures).toEqual([]);
	});
});

describe('after a tab has died while it loaded an engine with adapters', () => {
	async function die(): Promise<void> {
		const before = world.loads.length;
		world.onLoad = () => new Promise(() => undefined);
		open().catch(() => undefined);
		await expect.poll(() => world.loads).toHaveLength(before + 1);
		const next = new AnsweringWorld([gemma, qwen], [starter], world);
		const entered = next.safeMode.enter();
		await next.clock.advance(500);
		await entered;
		world = next;
	}

	test('it is loaded without them, says so, and charges them', async () => {
		await die();
		const { engine, mishaps } = await open();
		expect([engine.name, world.loads]).toEqual(['Gemma', ['gemma auto']]);
		expect(mishaps).toEqual([
			'The tab closed unexpectedly while Gemma was being loaded the last time, so Gemma went on without its adapters.'
		]);
		expect(world.adapterFailures).toHaveLength(2);
		expect(world.safeMode.held).toEqual([]);
		expect(await world.records.list(loadMarkStore)).toEqual([]);
	});

	test('it has them again where the user has switched them on again meanwhile', async () => {
		await die();
		await open();
		await open();
		expect(world.loads).toEqual(['gemma auto', 'gemma auto +style +law']);
	});

	test('one that was switched on since is on, and not charged', async () => {
		await world.setup.replace(1, withAdapters(gemma, style));
		await die();
		await world.setup.replace(
			(await world.setup.read())!.sequence,
			withAdapters(gemma, style, law)
		);
		expect((await open()).adapters?.map(({ name }) => name)).toEqual(['My law']);
		expect(world.adapterFailures).toEqual(['style with gemma: engine/safe-mode']);
	});

	test('it is not loaded at all when a tab dies of that, too', async () => {
		await die();
		await die();
		expect((await open()).engine.name).toBe('Starter 2');
		expect(world.safeMode.held).toHaveLength(1);
	});

	test('it has them again once the setup has changed', async () => {
		await die();
		await world.safeMode.leave();
		await open();
		expect(world.loads).toEqual(['gemma auto +style +law']);
	});

	test('the start does not count against an engine on trial', async () => {
		await world.setup.replace(1, world.setupOf(qwen));
		await world.tryOut(world.setupOf(qwen), withAdapters(gemma, style));
		await die();
		expect((await world.setup.read())?.trial?.unprovenStarts).toBe(0);
	});
});
