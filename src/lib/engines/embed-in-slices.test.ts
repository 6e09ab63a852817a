import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { AppError } from '../core/errors.ts';
import { clientInProcess } from '../testing/client-in-process.ts';
import { engineServiceOf } from '../testing/engine-service-of.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { ScriptedEngine, scriptedModel, shortSightedModel } from '../testing/scripted-engine.ts';
import type { BaseModelEngine } from './base-model-engine.ts';
import type { EmbedContext, Progress } from './engine-contract.ts';
import type { EngineStatus } from './engine-status.ts';
import { noFiles } from './no-files.ts';

const { signal } = new AbortController();
const clock = new ManualClock();

/** Embeds by the manual clock: two milliseconds a call, and five for a text of 500 characters. */
class TimedEngine extends ScriptedEngine {
	/** Of each slice that it was given, how many texts and how long, in milliseconds. */
	readonly slices: { readonly texts: readonly string[]; readonly ms: number }[] = [];
	/** Called in the slice of that number, from 1, before it is done. */
	onSlice: (number: number) => void = () => undefined;

	protected override async doEmbed(
		texts: readonly string[],
		context: EmbedContext
	): Promise<Float32Array[]> {
		const characters = texts.length * Math.max(...texts.map(({ length }) => length));
		const ms = 2 + characters / 100;
		if (context.purpose === 'passage') this.slices.push({ texts, ms });
		await clock.advance(ms);
		this.onSlice(this.slices.length);
		return super.doEmbed(texts, context);
	}
}

beforeEach(() => {
	const spy = vi.spyOn(performance, 'now').mockImplementation(() => clock.monotonic());
	onTestFinished(() => spy.mockRestore());
});

interface World {
	/** The one that is asked. */
	readonly engine: BaseModelEngine;
	/** The one that embeds. */
	readonly inner: TimedEngine;
}

async function here(spec = scriptedModel): Promise<World> {
	const engine = new TimedEngine();
	await engine.load({ spec, files: noFiles, device: 'auto' }, { signal });
	return { engine, inner: engine };
}

async function inWorker(spec = scriptedModel): Promise<World> {
	const inner = new TimedEngine();
	const service = () => engineServiceOf(inner.info, () => inner);
	const { client: engine } = clientInProcess({ info: inner.info, service, clock });
	await engine.load({ spec, files: noFiles, device: 'auto' }, { signal });
	return { engine, inner };
}

const passages = Array.from({ length: 300 }, (_, at) =>
	`${at} `.padEnd(100 + ((at * 7) % 400), 'x')
);

describe.each([
	['an engine that is here', here],
	['an engine in a worker', inWorker]
])('a batch of passages for %s', (_, make) => {
	test('is embedded in slices of an eighth of a second, none above a quarter', async () => {
		const { engine, inner } = await make();
		await engine.embed(passages, { signal, purpose: 'passage' });
		const times = inner.slices.map(({ ms }) => ms);
		expect(Math.max(...times)).toBeLessThanOrEqual(250);
		for (const ms of times.slice(6)) expect(ms).toBeGreaterThan(60);
	});

	test('costs no more jobs than its time has eighths of a second, but for a few at first', async () => {
		const { engine, inner } = await make();
		await engine.embed(passages, { signal, purpose: 'passage' });
		const total = inner.slices.reduce((sum, { ms }) => sum + ms, 0);
		expect(inner.slices.flatMap(({ texts }) => texts)).toHaveLength(passages.length);
		expect(inner.slices.length).toBeLessThanOrEqual(Math.ceil(total / 125) + 8);
	});

	test('is one job where it takes only a moment, once the engine is known', async () => {
		const { engine, inner } = await make();
		await engine.embed(passages, { signal, purpose: 'passage' });
		const before = inner.slices.length;
		for (let at = 0; at < 160; at += 16) {
			await engine.embed(passages.slice(at, at + 16), { signal, purpose: 'passage' });
		}
		expect(inner.slices.length - before).toBe(10);
	});

	test('puts texts of similar length together, and gives vectors in their old order', async () => {
		const { engine, inner } = await make();
		const vectors = await engine.embed(passages, { signal, purpose: 'passage' });
		const lengths = inner.slices.flatMap(({ texts }) => texts.map((text) => text.length));
		expect(lengths).toEqual(lengths.toSorted((a, b) => a - b));
		const alone = await engine.embed([passages[123]!], { signal, purpose: 'passage' });
		expect(vectors[123]).toEqual(alone[0]);
		expect(new Set(vectors.map(String)).size).toBe(passages.length);
	});

	test('lets a question in between', async () => {
		const { engine, inner } = await make();
		const first = Promise.withResolvers<null>();
		const onProgress = () => first.resolve(null);
		const batch = engine.embed(passages, { signal, purpose: 'passage', onProgress });
		await first.promise;
		await engine.embed(['what'], { signal, purpose: 'query' });
		const slices = inner.log.filter((line) => line.startsWith('embed'));
		expect(slices.at(-1)).toBe('embed query what');
		expect(inner.slices.length).toBeLessThanOrEqual(3);
		await batch;
	});

	test('is one time of being busy, however many slices it has', async () => {
		const { engine } = await make();
		const seen: EngineStatus[] = [];
		engine.onStatus((status) => seen.push(status));
		await engine.embed(passages, { signal, purpose: 'passage' });
		expect(seen).toEqual(['busy', 'ready']);
	});

	test('reports how many of all texts are done, and never goes back', async () => {
		const { engine } = await make();
		const seen: Progress[] = [];
		const onProgress = (step: Progress) => void seen.push(step);
		await engine.embed(passages, { signal, purpose: 'passage', onProgress });
		const done = seen.map((step) => step.done);
		expect(done).toEqual([...new Set(done)].toSorted((a, b) => a - b));
		expect(seen.at(-1)).toEqual({ done: 300, total: 300 });
		expect(seen.length).toBeGreaterThan(4);
	});

	test('tells once which texts were cut, by their places in the whole list', async () => {
		const { engine } = await make(shortSightedModel);
		const cut = [7, 70, 299];
		const texts = passages.map((text, at) =>
			cut.includes(at) ? 'one word '.repeat(at + 9) : text
		);
		const told: (readonly number[])[] = [];
		await engine.embed(texts, {
			signal,
			purpose: 'passage',
			onTruncated: (places) => told.push(places)
		});
		expect(told).toEqual([cut]);
	});

	test('that is cancelled ends after the slice under way', async () => {
		const { engine, inner } = await make();
		const abort = new AbortController();
		inner.onSlice = (number) => {
			if (number === 3) abort.abort();
		};
		const batch = engine.embed(passages, { signal: abort.signal, purpose: 'passage' });
		await expect(batch).rejects.toMatchObject({ code: 'cancelled' });
		expect(inner.slices).toHaveLength(3);
		expect(engine.status).toBe('ready');
	});

	test('that fails in one slice fails, and leaves what the error says', async () => {
		const { engine, inner } = await make();
		inner.onSlice = (number) => {
			if (number === 4) throw new AppError('engine/device-lost');
		};
		const batch = engine.embed(passages, { signal, purpose: 'passage' });
		await expect(batch).rejects.toMatchObject({ code: 'engine/device-lost' });
		expect(inner.slices).toHaveLength(4);
		expect(engine.status).toBe('lost');
	});

	test('ends when the engine is unloaded between two slices', async () => {
		const { engine } = await make();
		const first = Promise.withResolvers<null>();
		const onProgress = () => first.resolve(null);
		const batch = engine.embed(passages, { signal, purpose: 'passage', onProgress });
		const ending = expect(batch).rejects.toMatchObject({ code: 'cancelled' });
		await first.promise;
		await engine.unload();
		await ending;
		expect(engine.status).toBe('unloaded');
	});
});

describe('questions', () => {
	test('are one job, however many', async () => {
		const { engine, inner } = await here();
		await engine.embed(passages, { signal, purpose: 'query' });
		expect(inner.log.filter((line) => line.startsWith('embed'))).toHaveLength(1);
	});
});
