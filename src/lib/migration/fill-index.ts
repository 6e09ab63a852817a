import { throwIfAborted } from '../core/abort.ts';
import type { ErrorCode } from '../core/error-code.ts';
import { AppError, toAppError } from '../core/errors.ts';
import type { IndexId, Sha256 } from '../core/ids.ts';
import type { ModelSpec } from '../core/model-spec.ts';
import type { EmbeddableText } from '../knowledge/knowledge-api.ts';
import type { Clock } from '../ports/clock.ts';
import type { BenchEngine, EngineBench, IndexWorkshop } from './migration-ports.ts';

export interface FillDeps {
	readonly bench: EngineBench;
	readonly workshop: Pick<IndexWorkshop, 'indexState' | 'missingTexts' | 'addVectors'>;
	readonly clock: Clock;
	/** Waits while the user's own questions are being answered: they go first. */
	readonly whenIdle: (signal: AbortSignal) => Promise<void>;
}

export interface FillRequest {
	readonly spec: ModelSpec;
	readonly index: IndexId;
	/** `gentle` rests between batches for as long as a batch takes. */
	readonly speed: 'full' | 'gentle';
	readonly signal: AbortSignal;
	/** Called after each stored batch. */
	readonly onBatch: (embedded: number, total: number) => Promise<void>;
}

const batchSize = 32;
/** So many single texts may fail before the engine itself is taken to be at fault. */
const maxSingleFailures = 64;

/** Texts read ahead, to put those of like length into one batch: the engine pads a batch to its longest text. */
const windowSize = 8 * batchSize;

/** Failures that one text of a batch may have caused. After any other the engine or the store is gone. */
const oneTextMayBeToBlame: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
	'engine/embed-failed',
	'engine/bad-output',
	'engine/out-of-memory',
	'engine/context-overflow'
]);

/**
 * Embeds every text that the index lacks. Only new vectors are added, so it may be cut short and repeated.
 * A batch that fails is tried again text by text. Errors: `index/incomplete` when texts are left over.
 */
export async function fillIndex(deps: FillDeps, request: FillRequest): Promise<void> {
	const first = await deps.workshop.missingTexts(request.index, 1);
	if (first.length === 0) return;
	const engine = await deps.bench.open(request.spec, request.signal);
	try {
		await new Filling(deps, request, engine).run();
	} finally {
		await engine.close();
	}
}

class Filling {
	readonly #deps: FillDeps;
	readonly #request: FillRequest;
	readonly #engine: BenchEngine;
	readonly #failed = new Set<Sha256>();
	#window: EmbeddableText[] = [];

	constructor(deps: FillDeps, request: FillRequest, engine: BenchEngine) {
		this.#deps = deps;
		this.#request = request;
		this.#engine = engine;
	}

	async run(): Promise<void> {
		const { signal, onBatch } = this.#request;
		for (;;) {
			throwIfAborted(signal);
			const batch = await this.#nextBatch();
			if (batch.length === 0) break;
			const started = this.#deps.clock.monotonic();
			await this.#store(batch);
			const { embedded, texts } = await this.#state();
			await onBatch(embedded, texts);
			await this.#rest(this.#deps.clock.monotonic() - started);
		}
		const { embedded, texts } = await this.#state();
		if (embedded < texts && this.#failed.size > 0) await this.#giveUp();
	}

	async #nextBatch(): Promise<EmbeddableText[]> {
		if (this.#window.length === 0) this.#window = await this.#readAhead();
		return this.#window.splice(0, batchSize);
	}

	/** Texts that failed on their own stay missing: they are read again, and passed over. */
	async #readAhead(): Promise<EmbeddableText[]> {
		const limit = windowSize + this.#failed.size;
		const missing = await this.#deps.workshop.missingTexts(this.#request.index, limit);
		return missing
			.filter(({ textHash }) => !this.#failed.has(textHash))
			.sort((a, b) => a.text.length - b.text.length);
	}

	async #store(batch: readonly EmbeddableText[]): Promise<void> {
		try {
			await this.#embed(batch);
		} catch (error) {
			this.#rethrowIfHopeless(error);
			for (const text of batch) await this.#storeAlone(text);
		}
	}

	async #storeAlone(text: EmbeddableText): Promise<void> {
		throwIfAborted(this.#request.signal);
		try {
			await this.#embed([text]);
		} catch (error) {
			this.#rethrowIfHopeless(error);
			this.#failed.add(text.textHash);
			if (this.#failed.size > maxSingleFailures) await this.#giveUp(error);
		}
	}

	async #embed(texts: readonly EmbeddableText[]): Promise<void> {
		const { index, signal } = this.#request;
		const truncated = new Set<number>();
		const vectors = await this.#engine.embed(
			texts.map(({ text }) => text),
			'passage',
			signal,
			(places) => places.forEach((place) => truncated.add(place))
		);
		const rows = texts.map(({ textHash }, at) => {
			const vector = vectors[at];
			if (!vector) {
				throw new AppError('engine/bad-output', { details: { reason: 'a vector is missing' } });
			}
			return { textHash, vector, truncated: truncated.has(at) };
		});
		throwIfAborted(signal);
		await this.#deps.workshop.addVectors(index, rows);
	}

	async #rest(batchMs: number): Promise<void> {
		const { signal, speed } = this.#request;
		if (speed === 'gentle') await this.#deps.clock.sleep(Math.max(50, batchMs), signal);
		await this.#deps.whenIdle(signal);
	}

	#rethrowIfHopeless(error: unknown): void {
		const mayHelp = oneTextMayBeToBlame.has(toAppError(error).code);
		if (!mayHelp || this.#request.signal.aborted) throw error;
	}

	async #giveUp(cause?: unknown): Promise<never> {
		const { embedded, texts } = await this.#state();
		throw new AppError('index/incomplete', {
			cause,
			details: { missing: texts - embedded, expected: texts }
		});
	}

	async #state(): Promise<{ embedded: number; texts: number }> {
		const { index } = this.#request;
		const state = await this.#deps.workshop.indexState(index);
		if (!state) throw new AppError('storage/missing', { details: { what: 'the new index' } });
		return state;
	}
}
