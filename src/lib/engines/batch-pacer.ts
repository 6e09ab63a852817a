/** So long a slice should take, in milliseconds: a person who asks meanwhile does not notice the wait. */
const targetMs = 125;

/** Work of the first slice, before anything is known: a few short texts. */
const firstWork = 256;

/** What a text costs besides its characters, in characters. */
const charactersPerText = 32;

/** A rest that is so much larger than a slice is taken along: a small last slice would cost more than it saves. */
const restFactor = 1.5;

const fastestGrowth = 2;
const fastestShrinking = 1 / 8;

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
		const work = workOf(lengths, from, from + count);
		const wanted = ms > 0 ? (work * targetMs) / ms : Infinity;
		const most = this.#work * fastestGrowth;
		this.#work = Math.min(most, Math.max(this.#work * fastestShrinking, wanted));
	}
}

function workOf(lengths: readonly number[], from: number, end: number): number {
	return (end - from) * ((lengths[end - 1] ?? 0) + charactersPerText);
}
