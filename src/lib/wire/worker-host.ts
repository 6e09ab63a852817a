import { AppError } from '../core/errors.ts';
import type { RemoteApi } from './remote-api.ts';
import { WorkerSession, type WorkerLike } from './worker-session.ts';

export interface WorkerHostOptions {
	/** For the log, e.g. `knowledge`. */
	readonly name: string;
	readonly spawn: () => WorkerLike;
	/** From spawning until the service says that it is ready. */
	readonly readyTimeoutMs: number;
	/** `Clock.sleep`. */
	readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** A service in a worker, which is spawned when it is first needed, and anew after it died or was terminated. */
export class WorkerHost<Api> {
	readonly #options: WorkerHostOptions;
	readonly #listeners = new Set<(error: AppError) => void>();
	#session: WorkerSession<Api> | undefined;

	constructor(options: WorkerHostOptions) {
		this.#options = options;
	}

	/** True while there is a worker, ready or not. */
	get running(): boolean {
		return this.#session !== undefined;
	}

	/**
	 * The service once it can be called. Every call rejects with an `AppError`: the one that the service threw, or
	 * `wire/worker-died`. Ask for it anew before each call; one that is kept dies with its worker.
	 * Errors: `wire/timeout`, `wire/worker-died`, or why the service could not be built.
	 */
	async api(): Promise<RemoteApi<Api>> {
		this.#session ??= this.#start();
		const session = this.#session;
		await session.ready;
		return session.api;
	}

	/** Ends the worker at once and gives its memory back. Calls under way reject with `error`. */
	terminate(error: AppError = this.#died('it was stopped')): void {
		const session = this.#session;
		this.#session = undefined;
		session?.end(error);
	}

	/** Calls back when the worker ends without `terminate`. Returns the function that stops listening. */
	onDeath(listener: (error: AppError) => void): () => void {
		this.#listeners.add(listener);
		return () => void this.#listeners.delete(listener);
	}

	#start(): WorkerSession<Api> {
		const session = new WorkerSession<Api>(this.#options.spawn(), (error) => {
			timer.abort();
			if (this.#session !== session) return;
			this.#session = undefined;
			for (const listener of [...this.#listeners]) listener(error);
		});
		const timer = new AbortController();
		const { name, readyTimeoutMs, sleep } = this.#options;
		const details = { name, seconds: readyTimeoutMs / 1000 };
		sleep(readyTimeoutMs, timer.signal).then(
			() => session.end(new AppError('wire/timeout', { details })),
			() => undefined
		);
		session.ready.then(
			() => timer.abort(),
			() => undefined
		);
		return session;
	}

	#died(reason: string): AppError {
		return new AppError('wire/worker-died', { details: { name: this.#options.name, reason } });
	}
}
