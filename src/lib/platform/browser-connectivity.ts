import { throwIfAborted } from '../core/abort.ts';
import { AppError } from '../core/errors.ts';
import type { Connectivity } from '../ports/connectivity.ts';

/** Chromium tells no worker that the network is back, it only lets it look. Milliseconds between two looks. */
const lookInterval = 1000;

/** What a page and a worker have in common here. */
interface NetworkScope extends Pick<EventTarget, 'addEventListener' | 'removeEventListener'> {
	readonly navigator: { readonly onLine: boolean };
}

/** What the browser says of the network, in a page and in a worker alike. */
export class BrowserConnectivity implements Connectivity {
	readonly #scope: NetworkScope;

	constructor(scope: NetworkScope = globalThis) {
		this.#scope = scope;
	}

	get online(): boolean {
		return this.#scope.navigator.onLine;
	}

	async whenOnline(signal: AbortSignal): Promise<void> {
		throwIfAborted(signal);
		if (this.online) return;
		const { promise, resolve, reject } = Promise.withResolvers<undefined>();
		const onOnline = (): void => resolve(undefined);
		const onAbort = (): void => reject(new AppError('cancelled', { cause: signal.reason }));
		const timer = setInterval(() => {
			if (this.online) resolve(undefined);
		}, lookInterval);
		this.#scope.addEventListener('online', onOnline);
		signal.addEventListener('abort', onAbort);
		try {
			await promise;
		} finally {
			clearInterval(timer);
			this.#scope.removeEventListener('online', onOnline);
			signal.removeEventListener('abort', onAbort);
		}
	}

	onChange(listener: () => void): () => void {
		const types = ['online', 'offline'];
		for (const type of types) this.#scope.addEventListener(type, listener);
		return () => {
			for (const type of types) this.#scope.removeEventListener(type, listener);
		};
	}
}
