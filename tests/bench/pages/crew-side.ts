import { crewSize } from '../../../src/lib/app/engine-crew.ts';
import { EnginePool } from '../../../src/lib/app/engine-pool.ts';
import type { ModelSpec } from '../../../src/lib/core/model-spec.ts';
import { AppError } from '../../../src/lib/core/errors.ts';
import type { BatchSizer } from '../../../src/lib/migration/batch-sizer.ts';
import type { BenchEngine } from '../../../src/lib/migration/migration-ports.ts';
import { engineInWorker } from './engine-in-worker.ts';
import type { ChatRun, EngineSide } from './engine-side.ts';

/** Until all engines of a crew work, the others being opened one after the other. Milliseconds. */
const untilAllWorkMs = 8000;

const never = new AbortController().signal;

/** The engines that the app fills an index with, as many as it takes on this machine, in batches as it makes them. */
export class CrewSide implements EngineSide {
	readonly #spec: ModelSpec;
	readonly #pool: EnginePool;
	#engine: BenchEngine | null = null;

	constructor(spec: ModelSpec) {
		this.#spec = spec;
		const threads = crossOriginIsolated ? navigator.hardwareConcurrency : 1;
		this.#pool = new EnginePool({
			make: engineInWorker,
			crewSize: (model) => Promise.resolve(crewSize(model, threads, null))
		});
	}

	async load(): Promise<number> {
		const start = performance.now();
		this.#engine = await this.#pool.openForMany(this.#spec, never);
		const loaded = performance.now() - start;
		const texts = Array.from({ length: 16 }, (_, at) => `text ${at} of the long river `.repeat(20));
		while (performance.now() - start < untilAllWorkMs) await this.embed(texts);
		return loaded;
	}

	async embed(texts: readonly string[]): Promise<readonly Float32Array[]> {
		if (!this.#engine) throw new AppError('engine/not-loaded');
		return this.#engine.embed(texts, 'passage', never);
	}

	/** Like `embed`, in batches of the size that the app finds right. The texts are ascending by length. */
	async embedInBatches(texts: readonly string[], sizer: BatchSizer): Promise<void> {
		for (let at = 0; at < texts.length;) {
			const lengths = texts.slice(at).map((text) => text.length);
			const count = sizer.take(lengths);
			const start = performance.now();
			await this.embed(texts.slice(at, at + count));
			sizer.took(lengths.slice(0, count), performance.now() - start);
			at += count;
		}
	}

	chat(): Promise<ChatRun> {
		return Promise.reject(new AppError('engine/unsupported'));
	}

	async close(): Promise<void> {
		await this.#engine?.close();
	}
}
