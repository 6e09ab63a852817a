import { toAppError, type AppError } from '../core/errors.ts';
import type { EmbedPurpose } from '../core/generation.ts';
import type { IndexId } from '../core/ids.ts';
import type { ModelSpec } from '../core/model-spec.ts';
import { SerialQueue } from '../core/serial-queue.ts';
import type { KnowledgeApi } from '../knowledge/knowledge-api.ts';

/** An index that documents must reach, and the model that makes its vectors. */
export interface LiveIndex {
	readonly index: IndexId;
	readonly spec: ModelSpec;
	/** False for an index that is kept for Undo: its engine is opened for the moment alone. */
	readonly inUse: boolean;
}

/** Something that embeds; `close` ends it where it was opened for this alone. */
export interface Embedder {
	/** `onTruncated` hears which texts, by their places, were longer than the model reads. */
	embed(
		texts: readonly string[],
		purpose: EmbedPurpose,
		signal: AbortSignal,
		onTruncated?: (places: readonly number[]) => void
	): Promise<Float32Array[]>;
	close(): Promise<void>;
}

export interface MaintenanceState {
	readonly index: IndexId;
	readonly embedded: number;
	readonly texts: number;
}

interface Parts {
	readonly knowledge: Pick<KnowledgeApi, 'missingTexts' | 'addVectors' | 'indexState'>;
	/** All indexes that must stay complete now: the one in use, the one kept for Undo, a shadow index that is built. */
	readonly liveIndexes: () => Promise<readonly LiveIndex[]>;
	readonly embedder: (live: LiveIndex, signal: AbortSignal) => Promise<Embedder>;
}

const batchSize = 16;

/**
 * Brings every live index up to date with the documents: after an import, at start, and after Undo. One pass at a
 * time; a pass that is asked for while another runs follows it. A failure leaves the texts missing, for the next pass.
 */
export class IndexMaintainer {
	readonly #parts: Parts;
	readonly #queue = new SerialQueue();
	readonly #listeners = new Set<(state: MaintenanceState | null, error: AppError | null) => void>();
	#next: Promise<void> | null = null;
	#stopping = new AbortController();

	constructor(parts: Parts) {
		this.#parts = parts;
	}

	/** Null when nothing is being embedded. Returns the function that stops listening. */
	onChange(listener: (state: MaintenanceState | null, error: AppError | null) => void): () => void {
		this.#listeners.add(listener);
		return () => this.#listeners.delete(listener);
	}

	/** Resolves when every live index has every text, or when the pass has given up (the listener is told why). */
	run(): Promise<void> {
		const { signal } = this.#stopping;
		this.#next ??= this.#queue.add(async () => {
			// The queue may start this at once, before the line above has stored its promise.
			await Promise.resolve();
			this.#next = null;
			await this.#pass(signal);
		});
		return this.#next;
	}

	/** Ends the pass under way and drops the one that waits: another tab goes on with it. */
	stop(): void {
		this.#stopping.abort();
		this.#stopping = new AbortController();
		this.#next = null;
	}

	async #pass(signal: AbortSignal): Promise<void> {
		let failure: AppError | null = null;
		try {
			for (const live of await this.#parts.liveIndexes()) {
				if (signal.aborted) break;
				// The next index may still be completed: an old engine that is gone must not hold up the new one.
				const error = await this.#attempt(live, signal);
				failure ??= error;
			}
		} catch (error) {
			failure = toAppError(error);
		}
		this.#tell(null, failure);
	}

	/** Null when it went well. */
	async #attempt(live: LiveIndex, signal: AbortSignal): Promise<AppError | null> {
		try {
			await this.#complete(live, signal);
			return null;
		} catch (error) {
			return toAppError(error, 'engine/embed-failed');
		}
	}

	async #complete(live: LiveIndex, signal: AbortSignal): Promise<void> {
		const { knowledge } = this.#parts;
		let missing = await knowledge.missingTexts(live.index, batchSize);
		if (missing.length === 0) return;
		const embedder = await this.#parts.embedder(live, signal);
		try {
			while (missing.length > 0 && !signal.aborted) {
				const texts = missing.map((item) => item.text);
				const cut = new Set<number>();
				const note = (places: readonly number[]) => places.forEach((place) => cut.add(place));
				const vectors = await embedder.embed(texts, 'passage', signal, note);
				await knowledge.addVectors(
					live.index,
					missing.flatMap(({ textHash }, i) => {
						const vector = vectors[i];
						return vector ? [{ textHash, vector, truncated: cut.has(i) }] : [];
					})
				);
				const state = await knowledge.indexState(live.index);
				if (state) this.#tell({ index: live.index, ...state }, null);
				missing = await knowledge.missingTexts(live.index, batchSize);
			}
		} finally {
			await embedder.close();
		}
	}

	#tell(state: MaintenanceState | null, error: AppError | null): void {
		for (const listener of this.#listeners) listener(state, error);
	}
}
