import { AppError } from '../core/errors.ts';

/** Lets background work wait while the user is being answered. */
export class TurnGate {
	#turns = 0;
	readonly #waiting = new Set<() => void>();

	/** Runs a turn; whoever waits goes on when the last one has ended. */
	async during<T>(turn: () => Promise<T>): Promise<T> {
		this.#turns++;
		try {
			return await turn();
		} finally {
			this.#turns--;
			if (this.#turns === 0) for (const go of [...this.#waiting]) go();
		}
	}

	/** True while somebody is being answered. */
	get busy(): boolean {
		return this.#turns > 0;
	}

	/** Resolves at once when nobody is being answered. Rejects with `cancelled` when the signal aborts. */
	whenIdle(signal: AbortSignal): Promise<void> {
		if (signal.aborted) return Promise.reject(new AppError('cancelled'));
		if (this.#turns === 0) return Promise.resolve();
		return new Promise((resolve, reject) => {
			const go = (): void => {
				this.#waiting.delete(go);
				signal.removeEventListener('abort', stop);
				resolve();
			};
			const stop = (): void => {
				this.#waiting.delete(go);
				reject(new AppError('cancelled'));
			};
			this.#waiting.add(go);
			signal.addEventListener('abort', stop, { once: true });
		});
	}
}
