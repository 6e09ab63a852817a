import { setTimeout as sleep } from 'node:timers/promises';

/** A line that was idle may send so much at once. */
const burstBytes = 2_000_000;

/** The speed of a line; without a limit it never waits. */
export class Pace {
	readonly #bytesPerSecond: number;
	/** When the next byte may go, on the clock of `performance.now()`. */
	#due = 0;

	constructor(bytesPerSecond = Number.POSITIVE_INFINITY) {
		this.#bytesPerSecond = bytesPerSecond;
	}

	/** Resolves when so many bytes may be sent. */
	async take(bytes: number): Promise<void> {
		const now = performance.now();
		const earliest = now - (burstBytes / this.#bytesPerSecond) * 1000;
		this.#due = Math.max(this.#due, earliest) + (bytes / this.#bytesPerSecond) * 1000;
		if (this.#due > now) await sleep(this.#due - now);
	}
}
