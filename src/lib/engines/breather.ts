import { nextTask } from '../core/next-task.ts';

export interface BreatherOptions {
	/** Between two pauses, milliseconds. */
	readonly everyMs?: number;
	/** Milliseconds on any clock. */
	readonly now?: () => number;
	readonly pause?: () => Promise<void>;
}

/**
 * Lets messages in (a cancel among them) between the steps of work that keeps its thread to itself. Not at each step: a
 * pause costs some tenths of a millisecond, and the tokens of small models take little more.
 */
export class Breather {
	readonly #everyMs: number;
	readonly #now: () => number;
	readonly #pause: () => Promise<void>;
	#last = -Infinity;

	constructor({
		everyMs = 50,
		now = () => performance.now(),
		pause = nextTask
	}: BreatherOptions = {}) {
		this.#everyMs = everyMs;
		this.#now = now;
		this.#pause = pause;
	}

	/** To be awaited before each step. Pauses if the last pause is `everyMs` ago, and the first time. */
	async breathe(): Promise<void> {
		if (this.#now() - this.#last < this.#everyMs) return;
		await this.#pause();
		this.#last = this.#now();
	}
}
