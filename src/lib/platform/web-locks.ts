import { throwIfAborted } from '../core/abort.ts';
import { AppError, toAppError } from '../core/errors.ts';
import type { HoldOptions, Locks } from '../ports/locks.ts';

/** Locks over the Web Locks API. A stolen `hold` rejects with `tab/leader-changed` while its `run` goes on. */
export class WebLocks implements Locks {
	async hold<T>(name: string, run: () => Promise<T>, options: HoldOptions = {}): Promise<T> {
		const { signal, steal } = options;
		throwIfAborted(signal);
		const work = new Work(run);
		try {
			// The API takes a signal or `steal`, never both: stealing does not wait, so there is nothing to abort.
			const request = steal ? { steal } : signal ? { signal } : {};
			return await navigator.locks.request(name, request, () => work.start());
		} catch (error) {
			throw work.explain(error, signal);
		}
	}

	async tryHold<T>(
		name: string,
		run: () => Promise<T>
	): Promise<{ held: true; value: T } | { held: false }> {
		const work = new Work(run);
		try {
			return await navigator.locks.request(name, { ifAvailable: true }, async (lock) =>
				lock ? { held: true, value: await work.start() } : { held: false }
			);
		} catch (error) {
			throw work.explain(error, undefined);
		}
	}
}

/** Tells apart what the lock API throws and what the work itself threw. */
class Work<T> {
	readonly #run: () => Promise<T>;
	#started = false;
	#failure: { readonly error: unknown } | undefined;

	constructor(run: () => Promise<T>) {
		this.#run = run;
	}

	async start(): Promise<T> {
		this.#started = true;
		try {
			return await this.#run();
		} catch (error) {
			this.#failure = { error };
			throw error;
		}
	}

	explain(error: unknown, signal: AbortSignal | undefined): unknown {
		if (this.#failure) return this.#failure.error;
		if (this.#started) return new AppError('tab/leader-changed', { cause: error });
		if (signal?.aborted) return new AppError('cancelled', { cause: error });
		return toAppError(error);
	}
}
