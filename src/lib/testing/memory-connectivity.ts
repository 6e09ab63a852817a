import { throwIfAborted } from '../core/abort.ts';
import { AppError } from '../core/errors.ts';
import type { Connectivity } from '../ports/connectivity.ts';

/** A network to be switched on and off: `new MemoryConnectivity()` is online, `setOnline(false)` cuts it. */
export class MemoryConnectivity implements Connectivity {
	readonly #waiting = new Set<() => void>();
	readonly #listeners = new Set<() => void>();
	#online: boolean;

	constructor(online = true) {
		this.#online = online;
	}

	get online(): boolean {
		return this.#online;
	}

	/** Those who wait for the network now. */
	get waiting(): number {
		return this.#waiting.size;
	}

	setOnline(online: boolean): void {
		this.#online = online;
		if (online) for (const wake of [...this.#waiting]) wake();
		for (const listener of [...this.#listeners]) listener();
	}

	async whenOnline(signal: AbortSignal): Promise<void> {
		throwIfAborted(signal);
		if (this.#online) return;
		const { promise, resolve, reject } = Promise.withResolvers<undefined>();
		const wake = (): void => resolve(undefined);
		const give = (): void => reject(new AppError('cancelled', { cause: signal.reason }));
		this.#waiting.add(wake);
		signal.addEventListener('abort', give, { once: true });
		try {
			await promise;
		} finally {
			this.#waiting.delete(wake);
			signal.removeEventListener('abort', give);
		}
	}

	onChange(listener: () => void): () => void {
		this.#listeners.add(listener);
		return () => void this.#listeners.delete(listener);
	}
}
