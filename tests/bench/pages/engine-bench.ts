import { AppError } from '../../../src/lib/core/errors.ts';
import type { ChatMessage } from '../../../src/lib/core/generation.ts';
import type { ModelSpec } from '../../../src/lib/core/model-spec.ts';
import type { AdapterUse } from '../../../src/lib/core/setup.ts';
import type { CatalogEntry } from '../../../src/lib/library/catalog/catalog-entry.ts';
import { BatchSizer } from '../../../src/lib/migration/batch-sizer.ts';
import { bareCache, bareHost } from './bare-message.ts';
import { BareSide } from './bare-side.ts';
import { CrewSide } from './crew-side.ts';
import type { ChatRun, EngineSide } from './engine-side.ts';
import { openLibrary } from './open-library.ts';
import { OurSide } from './our-side.ts';
import { queryWaits } from './query-waits.ts';
import { streamTokens, type StreamRun, type StreamWay } from './stream-tokens.ts';

export interface EngineStart {
	/** `crew`: as many as fill an index at once. */
	readonly side: 'ours' | 'crew' | 'bare';
	readonly spec: ModelSpec;
	/** As the model's folder on the server is called. */
	readonly id: string;
	readonly device: 'wasm' | 'webgpu';
	/** For `ours`. None where absent. */
	readonly adapters?: readonly AdapterUse[];
}

/** Engines that run now, by the names that the bench gave them. */
/** Learns over all rounds, as it does over a whole index. */
const sizer = new BatchSizer();

const sides = new Map<string, EngineSide>();

/** What the benches of engines ask of a page. Times are in milliseconds. */
export const engineBench = {
	/** Puts the models into the app's store, through all its checks, and into a plain cache for the library alone. */
	async install(catalog: readonly CatalogEntry[]): Promise<Record<string, ModelSpec>> {
		const library = openLibrary(catalog);
		const signal = new AbortController().signal;
		const specs: Record<string, ModelSpec> = {};
		for (const { id } of await library.listings()) {
			const { spec, about } = await library.freeze(id, signal);
			await library.install(id, () => undefined, signal);
			specs[about.entry] = spec;
		}
		library.stop(new AppError('cancelled'));
		const cache = await caches.open(bareCache);
		for (const { id, files } of catalog)
			for (const { path, url } of files)
				await cache.put(`${bareHost}${id}/${path}`, await fetch(url ?? ''));
		return specs;
	},

	/** Starts an engine in a fresh worker. Returns how long that took. */
	async start(name: string, { side, spec, id, device, adapters }: EngineStart): Promise<number> {
		const task = spec.embedding ? 'embed' : 'generate';
		const engine =
			side === 'ours'
				? new OurSide(spec, device, adapters)
				: side === 'crew'
					? new CrewSide(spec)
					: new BareSide({ id, task, device, dtype: spec.dtype ?? 'fp32' });
		sides.set(name, engine);
		return engine.load();
	},

	/** Tries to load what cannot be loaded. Returns the code of the error. */
	async fail(spec: ModelSpec): Promise<string> {
		const engine = new OurSide(spec, 'wasm');
		try {
			await engine.load();
		} catch (error) {
			await engine.close();
			return error instanceof AppError ? error.code : String(error);
		}
		throw new AppError('bug', { details: { reason: 'a broken model was loaded' } });
	},

	chat(name: string, messages: readonly ChatMessage[], maxTokens: number): Promise<ChatRun> {
		return sideOf(name).chat(messages, maxTokens);
	},

	/** How long these texts take, in groups of `groupSize`, or of the app's own choice where it is the app's crew. */
	async embed(name: string, texts: readonly string[], groupSize: number): Promise<number> {
		const side = sideOf(name);
		const start = performance.now();
		if (side instanceof CrewSide) await side.embedInBatches(texts, sizer);
		else
			for (let at = 0; at < texts.length; at += groupSize)
				await side.embed(texts.slice(at, at + groupSize));
		return performance.now() - start;
	},

	/** The least cosine between the vectors that two engines make of the same texts. */
	async likeness(one: string, other: string, texts: readonly string[]): Promise<number> {
		const [a, b] = [await sideOf(one).embed(texts), await sideOf(other).embed(texts)];
		return Math.min(...a.map((vector, i) => dot(vector, b[i] ?? new Float32Array())));
	},

	/** How long questions wait for their vectors while passages are embedded, and while nothing is. */
	queryWaits(
		name: string,
		passages: readonly string[],
		questions: readonly string[]
	): Promise<{ readonly busy: number[]; readonly idle: number[] }> {
		const side = sideOf(name);
		if (side instanceof OurSide) return queryWaits(side, passages, questions);
		throw new AppError('bug', { details: { reason: 'only ours has questions' } });
	},

	/** So many tokens from a worker that has them ready, over the app's wire or as plain messages. */
	stream(way: StreamWay, tokens: number): Promise<StreamRun> {
		return streamTokens(way, tokens);
	},

	async close(name: string): Promise<void> {
		await sideOf(name).close();
		sides.delete(name);
	}
};

function sideOf(name: string): EngineSide {
	const side = sides.get(name);
	if (side) return side;
	throw new AppError('bug', { details: { reason: `no engine ${name}` } });
}

function dot(a: Float32Array, b: Float32Array): number {
	return a.reduce((sum, value, i) => sum + value * (b[i] ?? Number.NaN), 0);
}
