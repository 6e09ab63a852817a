/** So long a batch should take, in milliseconds: whoever asks meanwhile, or pauses, waits for one at most. */
const targetMs = 400;
/** Texts of the first batch, before anything is known, and at most ever. */
const firstTexts = 32;
const mostTexts = 256;
/** Characters of a batch, its texts taken as long as its longest: they are in memory at once. */
const mostCharacters = 400_000;
/** What a text costs besides its characters, in characters. */
const charactersPerText = 32;

const fastestGrowth = 2;
const fastestShrinking = 1 / 4;

/**
 * Finds out how many texts an engine embeds in in less than half a second, and how many it has the memory for. Texts come
 * ascending by length: engines pad a batch to its longest.
 */
export class BatchSizer {
	/** What is to be done in one batch; null until one has been measured. */
	#work: number | null = null;
	#most = mostTexts;

	/** How many of the texts, given by their lengths in characters, make the next batch: at least one. */
	take(lengths: readonly number[]): number {
		const most = Math.min(this.#work === null ? firstTexts : mostTexts, this.#most, lengths.length);
		let count = 1;
		while (count < most && this.#allows(lengths[count] ?? 0, count + 1)) count++;
		return count;
	}

	/** Learns from a batch that took so many milliseconds. */
	took(lengths: readonly number[], ms: number): void {
		const work = workOf(lengths.at(-1) ?? 0, lengths.length);
		const before = this.#work ?? work;
		const wanted = ms > 0 ? (work * targetMs) / ms : Infinity;
		const highest = Math.max(before, work) * fastestGrowth;
		this.#work = Math.min(highest, Math.max(before * fastestShrinking, wanted));
	}

	/** So many texts were more than there was memory for: never again. */
	outOfMemory(texts: number): void {
		this.#most = Math.max(1, Math.floor(Math.min(texts, this.#most) / 2));
	}

	#allows(longest: number, count: number): boolean {
		if (longest * count > mostCharacters) return false;
		return this.#work === null || workOf(longest, count) <= this.#work;
	}
}

function workOf(longest: number, count: number): number {
	return count * (longest + charactersPerText);
}
