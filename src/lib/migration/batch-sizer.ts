import { pacedWork, textWork } from '../core/text-work.ts';

/** Whoever asks meanwhile, or pauses, waits for one batch at most. */
const pace = { targetMs: 400, fastestShrinking: 1 / 4 };
/** Texts of the first batch, before anything is known, and at most ever. */
const firstTexts = 32;
const mostTexts = 256;
/** Characters of a batch, its texts taken as long as its longest: they are in memory at once. */
const mostCharacters = 400_000;

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
		const work = textWork(lengths.at(-1) ?? 0, lengths.length);
		this.#work = pacedWork(this.#work ?? work, work, ms, pace);
	}

	/** So many texts were more than there was memory for: never again. */
	outOfMemory(texts: number): void {
		this.#most = Math.max(1, Math.floor(Math.min(texts, this.#most) / 2));
	}

	#allows(longest: number, count: number): boolean {
		if (longest * count > mostCharacters) return false;
		return this.#work === null || textWork(longest, count) <= this.#work;
	}
}
