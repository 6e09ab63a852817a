import { shownError, type ShownError } from '../shown-error.ts';

/** Runs what the user asks for, and keeps what came of it for the page: a notice, or why it failed. The latest counts. */
export class Notices {
	#error = $state.raw<ShownError | null>(null);
	#notice = $state.raw<string | null>(null);

	get error(): ShownError | null {
		return this.#error;
	}

	/** A sentence or two for a status line. */
	get notice(): string | null {
		return this.#notice;
	}

	dismiss = (): void => {
		this.#error = null;
		this.#notice = null;
	};

	/**
	 * The action resolves with its notice, or null for none. What the user stopped is no failure. `subject` is named in
	 * the error when its message does not name it. Never rejects.
	 */
	async run(action: () => Promise<string | null>, subject = ''): Promise<void> {
		this.dismiss();
		try {
			this.#notice = await action();
		} catch (error) {
			this.show(error, subject);
		}
	}

	show(thrown: unknown, subject = ''): void {
		const error = shownError(thrown);
		this.#error =
			error && subject && !error.message.includes(subject)
				? { ...error, message: `${subject}: ${error.message}` }
				: error;
	}
}
