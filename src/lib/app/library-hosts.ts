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
	readonly #known = Promise.withResolvers<undefined>();

	constructor(parts: Parts) {
		this.#parts = parts;
	}

	/** Resolves when it is known which hosts the user has named: a worker that starts before has to be started again. */
	get known(): Promise<unknown> {
		return this.#known.promise;
	}

	/** Where that cannot be known: workers start, and reach the hosts of the catalog. */
	giveUp(): void {
		this.#known.resolve(undefined);
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
		const { allowOrigins, library, leads } = this.#parts;
		const changes = !sameSet(origins, this.#allowed);
		try {
			if (changes) await allowOrigins(origins);
		} finally {
			this.#known.resolve(undefined);
		}
		if (!changes) return;
		this.#allowed = origins;
		library.stop(new AppError('cancelled'));
		if (leads()) await library.resumeAll();
	}
}

function sameSet(some: readonly string[], others: readonly string[]): boolean {
	return some.length === others.length && some.every((each) => others.includes(each));
}
