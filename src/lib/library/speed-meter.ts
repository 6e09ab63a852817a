import type { Clock } from '../ports/clock.ts';

/** Milliseconds that a speed is measured over: long enough to be calm, short enough to be true. */
const windowMs = 5000;

/** How fast a number of bytes grows. */
export class SpeedMeter {
	readonly #clock: Pick<Clock, 'monotonic'>;
	#samples: { readonly at: number; readonly done: number }[] = [];

	constructor(clock: Pick<Clock, 'monotonic'>) {
		this.#clock = clock;
	}

	/** Takes the bytes so far. Returns bytes a second over the last seconds; null in the first one. */
	add(done: number): number | null {
		const now = this.#clock.monotonic();
		this.#samples = this.#samples.filter(({ at }) => now - at <= windowMs);
		this.#samples.push({ at: now, done });
		const first = this.#samples[0];
		if (!first || now - first.at < 1000) return null;
		return Math.max(0, ((done - first.done) / (now - first.at)) * 1000);
	}
}
