import { pacedWork, textWork } from '../core/text-work.ts';

/** A person who asks meanwhile does not notice the wait for one slice. */
const pace = { targetMs: 125, fastestShrinking: 1 / 8 };

/** Work of the first slice, before anything is known: a few short texts. */
const firstWork = 256;

/** A rest that is so much larger than a slice is taken along: a small last slice would cost more than it saves. */
const restFactor = 1.5;

/**
 * Finds out how many texts an engine embeds in about an eighth of a second. The lengths that it is given are in
 * characters and ascending: an engine pads the texts of a slice to the longest.
 */
export class BatchPacer {
	#work = firstWork;

	/** How many of the texts from place `from` on make the next slice: at least one. */
	take(lengths: readonly number[], from: number): number {
		if (workOf(lengths, from, lengths.length) <= this.#work * restFactor) {
			return lengths.length - from;
		}
		let end = from + 1;
		while (end < lengths.length && workOf(lengths, from, end + 1) <= this.#work) end++;
		return end - from;
	}

	/** Learns from the slice of `count` texts at `from`, which took `ms`. */
	took(lengths: readonly number[], from: number, count: number, ms: number): void {
		this.#work = pacedWork(this.#work, workOf(lengths, from, from + count), ms, pace);
	}
}

function workOf(lengths: readonly number[], from: number, end: number): number {
	return textWork(lengths[end - 1] ?? 0, end - from);
}
