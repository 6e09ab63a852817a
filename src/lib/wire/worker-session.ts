import { wrap, type Endpoint } from 'comlink';
import { AppError, toAppError } from '../core/errors.ts';
import { decodeError, installErrorCodec } from './error-codec.ts';
import { installPortCodec } from './port-codec.ts';
import type { RemoteApi } from './remote-api.ts';
import { isServiceMessage } from './service-message.ts';

/** What a host needs of a `Worker`. */
export type WorkerLike = Endpoint & { terminate(): void };

/** One worker from its spawning to its end. Comlink lets calls to a dead worker hang: here they reject. */
export class WorkerSession<Api> {
	readonly api: RemoteApi<Api>;
	/** Settles once: the service can be called, or it never will. */
	readonly ready: Promise<void>;
	readonly #worker: WorkerLike;
	readonly #onEnd: (error: AppError) => void;
	/** What rejects each call that has not settled. */
	readonly #pending = new Set<(error: AppError) => void>();
	#end: AppError | undefined;

	constructor(worker: WorkerLike, onEnd: (error: AppError) => void) {
		installErrorCodec();
		installPortCodec();
		this.#worker = worker;
		this.#onEnd = onEnd;
		const ready = Promise.withResolvers<null>();
		this.ready = this.#guard(ready.promise).then(() => undefined);
		this.ready.catch(() => undefined);
		this.#listen('message', ({ data }) => {
			if (!isServiceMessage(data)) return;
			if (data.wire === 'ready') ready.resolve(null);
			else this.end(decodeError(data.error));
		});
		this.#listen('error', ({ message }) => this.end(died(message ?? 'its script failed')));
		this.#listen('messageerror', () => this.end(died('a message could not be read')));
		this.api = this.#guardedApi();
	}

	/** Stops the worker. Calls under way and to come reject with `error`. Only the first end counts. */
	end(error: AppError): void {
		if (this.#end) return;
		this.#end = error;
		this.#worker.terminate();
		for (const reject of this.#pending) reject(error);
		this.#pending.clear();
		this.#onEnd(error);
	}

	#guardedApi(): RemoteApi<Api> {
		const remote = wrap<Record<string, (...args: unknown[]) => unknown>>(this.#worker);
		return new Proxy({} as RemoteApi<Api>, {
			get: (_, name) => {
				// An object with `then` would be taken for a promise wherever it is awaited.
				if (typeof name === 'symbol' || name === 'then') return undefined;
				return (...args: unknown[]) =>
					this.#end
						? Promise.reject(this.#end)
						: this.#guard(Promise.resolve(remote[name]?.(...args)));
			}
		});
	}

	/** Not `Promise.race`: that would keep every result of a long life reachable from one promise. */
	#guard<T>(call: Promise<T>): Promise<T> {
		return new Promise((resolve, reject) => {
			this.#pending.add(reject);
			const settled = (): void => void this.#pending.delete(reject);
			call.then(resolve, (error: unknown) => reject(toAppError(error))).finally(settled);
		});
	}

	#listen(type: string, handle: (event: { data?: unknown; message?: string }) => void): void {
		this.#worker.addEventListener(type, handle as unknown as EventListener);
	}
}

function died(reason: string): AppError {
	return new AppError('wire/worker-died', { details: { reason } });
}
