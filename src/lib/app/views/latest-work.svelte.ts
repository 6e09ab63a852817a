import { shownError, type ShownError } from '../shown-error.ts';

/** What the user asks for, one thing at a time: what was dropped for something newer says nothing any more. */
export class LatestWork<Kind extends string> {
	/** Why the last one failed, or what else has. */
	error = $state.raw<ShownError | null>(null);
	#busy = $state<Kind | null>(null);
	#latest = new AbortController();

	/** What is under way. */
	get busy(): Kind | null {
		return this.#busy;
	}

	/** Resolves with null when it failed, or was dropped. Never rejects. */
	async run<T>(kind: Kind, job: (signal: AbortSignal) => Promise<T>): Promise<T | null> {
		const work = new AbortController();
		this.#latest = work;
		this.#busy = kind;
		this.error = null;
		try {
			const result = await job(work.signal);
			return work === this.#latest ? result : null;
		} catch (error) {
			if (work === this.#latest) this.error = shownError(error);
			return null;
		} finally {
			if (work === this.#latest) this.#busy = null;
		}
	}

	/** Ends what is under way; an error has been read. */
	drop(): void {
		this.#latest.abort();
		this.#latest = new AbortController();
		this.#busy = null;
		this.error = null;
	}
}
