import { mishapText, type Mishap } from './mishap-text.ts';

/** Tells what went wrong on the way to an engine, a sentence each. The last one waits for how it turned out. */
export class MishapLog {
	readonly #sentences: string[] = [];
	#last: Mishap | null = null;

	/** It went wrong, what was done about the one before included. */
	add(mishap: Mishap): void {
		this.#tell(false);
		this.#last = mishap;
	}

	/** An engine is loaded: everything until now, oldest first. */
	settle(): readonly string[] {
		this.#tell(true);
		return [...this.#sentences];
	}

	#tell(worked: boolean): void {
		if (this.#last) this.#sentences.push(mishapText(this.#last, worked));
		this.#last = null;
	}
}
