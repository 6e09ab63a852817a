import { toAppError, type AppError } from '../core/errors.ts';
import type { IndexId } from '../core/ids.ts';
import type { ModelSpec } from '../core/model-spec.ts';
import { SerialQueue } from '../core/serial-queue.ts';
import type { Embedder, EmbedderBench } from '../migration/engine-seat.ts';
import type { FillDeps } from '../migration/fill-index.ts';
import { impatient } from '../migration/hold.ts';
import type { Clock } from '../ports/clock.ts';

/** An index that documents must reach, and the model that makes its vectors. */
export interface LiveIndex {
	readonly index: IndexId;
	readonly spec: ModelSpec;
	/** False for an index that is kept for Undo: its engine is opened for the moment alone. */
	readonly inUse: boolean;
}

export interface MaintenanceState {
	readonly index: IndexId;
	readonly embedded: number;
	readonly texts: number;
}

interface Parts {
	readonly knowledge: FillDeps['workshop'];
	readonly clock: Clock;
	/** Resolves when nobody is being answered: people go first. */
	readonly whenIdle: (signal: AbortSignal) => Promise<void>;
	/** All indexes that must stay complete now: the one in use, the one kept for Undo, a shadow index that is built. */
	readonly liveIndexes: () => Promise<readonly LiveIndex[]>;
	readonly embedder: (live: LiveIndex, signal: AbortSignal) => Promise<Embedder>;
}

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

	/** Null when it went well, or was stopped. */
	async #attempt(live: LiveIndex, signal: AbortSignal): Promise<AppError | null> {
		try {
			await this.#complete(live, signal);
			return null;
		} catch (error) {
			if (signal.aborted) return null;
			return toAppError(error, 'engine/embed-failed');
		}
	}

	async #complete(live: LiveIndex, signal: AbortSignal): Promise<void> {
		const { knowledge, clock, whenIdle, embedder } = this.#parts;
		// Not part of the first page: it is there before it is needed.
		const { fillIndex } = await import('../migration/fill-index.ts');
		const bench: EmbedderBench = {
			open: (_, abort) => embedder(live, abort),
			// It is in use, or opened for the moment alone.
			room: () => Promise.resolve('beside'),
			rest: () => Promise.resolve()
		};
		await fillIndex(
			{ bench, workshop: knowledge, clock, whenIdle },
			{
				spec: live.spec,
				index: live.index,
				patience: impatient(signal),
				onBatch: (embedded, texts) => {
					this.#tell({ index: live.index, embedded, texts }, null);
					return Promise.resolve();
				}
			}
		);
	}

	#tell(state: MaintenanceState | null, error: AppError | null): void {
		for (const listener of this.#listeners) listener(state, error);
	}
}
