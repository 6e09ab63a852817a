import { shownError, type ShownError } from '../shown-error.ts';

/** Why the last thing that a view did has failed; null where it went well. */
export class LastFailure {
	#error = $state.raw<ShownError | null>(null);

	get error(): ShownError | null {
		return this.#error;
	}

	/** Never rejects. What failed before stays to be read until this is done. */
	async of(work: () => Promise<void>): Promise<void> {
		try {
			await work();
			this.#error = null;
		} catch (error) {
			this.#error = shownError(error);
		}
	}
}
