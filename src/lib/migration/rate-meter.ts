import type { Range } from './plan.ts';

/** A minute of work counts about two thirds as much as the one that follows it. Milliseconds. */
const memoryMs = 120_000;
/** A share of the estimate by which it is too high or too low at most, with one sample. */
const atFirst = { low: 0.2, high: 0.5 };
/** What is left of that uncertainty with any number of samples: a device gets warm and slow. */
const leastDoubt = 0.2;

/** How fast something goes, as far back as matters: what was measured last counts most. */
export class RateMeter {
	#work = 0;
	#ms = 0;
	#samples = 0;
	/** How far samples are from the rate so far, as a share of it. */
	#deviation = 0;

	/** So much work took so many milliseconds. What took no time tells nothing. */
	add(work: number, ms: number): void {
		if (work <= 0 || ms <= 0) return;
		const rate = this.perMs;
		if (rate !== null) {
			const share = ms / (this.#ms + ms);
			const off = Math.min(1, Math.abs(work / ms / rate - 1));
			this.#deviation += share * (off - this.#deviation);
		}
		const faded = Math.exp(-ms / memoryMs);
		this.#work = this.#work * faded + work;
		this.#ms = this.#ms * faded + ms;
		this.#samples++;
	}

	/** Null until something has been measured. */
	get perMs(): number | null {
		return this.#samples === 0 ? null : this.#work / this.#ms;
	}

	/** How long so much more work takes, in milliseconds: the more is known, the narrower. */
	remaining(work: number): Range | null {
		const rate = this.perMs;
		if (rate === null) return null;
		const doubt = Math.min(1, Math.max(leastDoubt, 1 / Math.sqrt(this.#samples), this.#deviation));
		const ms = Math.max(0, work) / rate;
		return { low: ms * (1 - atFirst.low * doubt), high: ms * (1 + atFirst.high * doubt) };
	}
}
