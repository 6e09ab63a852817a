import type { Sha256 } from '../core/ids.ts';
import type { EmbeddableText } from '../knowledge/knowledge-api.ts';

/** Texts read ahead, to put those of like length together: an engine pads a batch to its longest text. */
const windowSize = 512;

/**
 * The texts that an index lacks, some of them at a time however many there are. The next ones are read while those
 * before are worked on. Texts that are taken are not given out again until they are given back.
 */
export class TextWindow {
	readonly #read: (limit: number) => Promise<EmbeddableText[]>;
	/** Taken and not stored yet, or passed over: the index still lacks them. */
	readonly #taken = new Set<Sha256>();
	#ready: EmbeddableText[] = [];
	#ahead: Promise<EmbeddableText[]> | null = null;

	/** `read` gives so many of the missing texts, always in the same order. */
	constructor(read: (limit: number) => Promise<EmbeddableText[]>) {
		this.#read = read;
	}

	/** The next texts, ascending by length, as many as `count` says of their lengths; empty when none is left. */
	async take(count: (lengths: readonly number[]) => number): Promise<EmbeddableText[]> {
		if (this.#ready.length === 0) this.#ready = await this.#next();
		if (this.#ready.length === 0) return [];
		const batch = this.#ready.splice(0, count(this.#ready.map(({ text }) => text.length)));
		for (const { textHash } of batch) this.#taken.add(textHash);
		if (this.#ready.length < windowSize / 2) this.#readAhead();
		return batch;
	}

	/** These have their vectors now: the index lacks them no more. */
	stored(texts: readonly EmbeddableText[]): void {
		for (const { textHash } of texts) this.#taken.delete(textHash);
	}

	/** These come next, once more. */
	giveBack(texts: readonly EmbeddableText[]): void {
		this.stored(texts);
		this.#ready = [...texts, ...this.#ready];
	}

	/** What was read early may have been all; what has been imported since counts, too. */
	async #next(): Promise<EmbeddableText[]> {
		const early = (await this.#ahead) ?? [];
		this.#ahead = null;
		return early.length > 0 ? early : this.#readNow();
	}

	#readAhead(): void {
		this.#ahead ??= this.#readNow();
		// It fails whoever takes next.
		this.#ahead.catch(() => undefined);
	}

	async #readNow(): Promise<EmbeddableText[]> {
		const known = new Set(this.#taken);
		for (const { textHash } of this.#ready) known.add(textHash);
		const missing = await this.#read(windowSize + known.size);
		return missing
			.filter(({ textHash }) => !known.has(textHash))
			.sort((a, b) => a.text.length - b.text.length);
	}
}
