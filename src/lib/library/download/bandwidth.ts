import { throwIfAborted } from '../../core/abort.ts';
import type { Clock } from '../../ports/clock.ts';

/** A change of the limit is noticed within so many milliseconds. */
const longestNap = 250;

/** The speed that all connections share. */
export class Bandwidth {
	readonly #clock: Clock;
	#limit: number | null = null;
	/** When the bytes that were taken so far will have been paid with time. */
	#paidAt = 0;

	constructor(clock: Clock) {
		this.#clock = clock;
	}

	/** Bytes a second; null is as fast as it goes. May be set at any time, also while others wait in `take`. */
	get limit(): number | null {
		return this.#limit;
	}

	set limit(bytesPerSecond: number | null) {
		this.#limit = bytesPerSecond;
		this.#paidAt = this.#clock.monotonic();
	}

	/** Resolves when so many bytes may have been read. Errors: `cancelled`. */
	async take(bytes: number, signal: AbortSignal): Promise<void> {
		throwIfAborted(signal);
		if (this.#limit === null) return;
		const now = this.#clock.monotonic();
		this.#paidAt = Math.max(now, this.#paidAt) + (bytes / this.#limit) * 1000;
		for (;;) {
			const wait = this.#paidAt - this.#clock.monotonic();
			if (wait <= 0) return;
			await this.#clock.sleep(Math.min(wait, longestNap), signal);
		}
	}
}
