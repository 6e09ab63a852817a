import { AppError } from '../core/errors.ts';
import type { LibraryClient } from '../library/library-client.ts';

interface Parts {
	/** Hosts that workers started from now on may reach: replaces the list. */
	readonly allowOrigins: (origins: readonly string[]) => Promise<void>;
	readonly library: Pick<LibraryClient, 'stop' | 'resumeAll'>;
	/** True where this tab does the work. */
	readonly leads: () => boolean;
}

/** Lets the library's worker reach the hosts that the user has named, and no others. */
export class LibraryHosts {
	readonly #parts: Parts;
	#allowed: readonly string[] = [];
	#latest: Promise<void> = Promise.resolve();

	constructor(parts: Parts) {
		this.#parts = parts;
	}

	/**
	 * A worker's policy is fixed when it starts: where the hosts are others, it is started anew and goes on. One after
	 * another: a second wish must not end the worker that the first one waits for.
	 */
	apply = (origins: readonly string[]): Promise<void> => {
		const next = (): Promise<void> => this.#apply(origins);
		this.#latest = this.#latest.then(next, next);
		return this.#latest;
	};

	async #apply(origins: readonly string[]): Promise<void> {
		if (sameSet(origins, this.#allowed)) return;
		const { allowOrigins, library, leads } = this.#parts;
		await allowOrigins(origins);
		this.#allowed = origins;
		library.stop(new AppError('cancelled'));
		if (leads()) await library.resumeAll();
	}
}

function sameSet(some: readonly string[], others: readonly string[]): boolean {
	return some.length === others.length && some.every((each) => others.includes(each));
}
