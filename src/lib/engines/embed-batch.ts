import type { EmbedContext } from './engine-contract.ts';

/** Some texts of a batch, and what the engine that embeds them is told. */
export interface EmbedSlice {
	readonly texts: readonly string[];
	readonly context: EmbedContext;
	/** The vectors of the texts, in their order. */
	readonly keep: (vectors: readonly Float32Array[]) => void;
}

/**
 * One call of `embed` that is answered slice by slice, texts of similar length together. Whoever called sees nothing of
 * it: vectors and places are those of its own list, and its progress counts its texts and never goes back.
 */
export class EmbedBatch {
	/** Of the texts in the order in which they are embedded: ascending, in characters. */
	readonly lengths: readonly number[];
	readonly #texts: readonly string[];
	readonly #context: EmbedContext;
	/** Where the caller has the texts, in the same order. */
	readonly #places: readonly number[];
	readonly #vectors: Float32Array[];
	readonly #truncated = new Set<number>();
	#done = 0;
	#told = 0;

	constructor(texts: readonly string[], context: EmbedContext) {
		this.#texts = texts;
		this.#context = context;
		const length = (place: number): number => texts[place]?.length ?? 0;
		this.#places = [...texts.keys()].sort((a, b) => length(a) - length(b));
		this.lengths = this.#places.map(length);
		this.#vectors = new Array<Float32Array>(texts.length);
	}

	/** How many texts have their vectors. */
	get done(): number {
		return this.#done;
	}

	get isComplete(): boolean {
		return this.#done === this.#texts.length;
	}

	/** The next texts. It is as if it had never been taken until its vectors are kept. */
	slice(count: number): EmbedSlice {
		const from = this.#done;
		const places = this.#places.slice(from, from + count);
		const truncated = new Set<number>();
		return {
			texts: places.map((place) => this.#texts[place] ?? ''),
			context: {
				...this.#context,
				onProgress: ({ done, total }) =>
					this.#tell(from + Math.floor((places.length * done) / Math.max(1, total))),
				onTruncated: (cut) => {
					for (const at of cut) truncated.add(places[at] ?? -1);
				}
			},
			keep: (vectors) => {
				for (const [at, place] of places.entries()) {
					const vector = vectors[at];
					if (vector) this.#vectors[place] = vector;
				}
				for (const place of truncated) this.#truncated.add(place);
				this.#done += places.length;
				this.#tell(this.#done);
			}
		};
	}

	/** All vectors, in the caller's order. Says first which texts have been cut, if any have. */
	finish(): Float32Array[] {
		const places = [...this.#truncated].sort((a, b) => a - b);
		if (places.length > 0) this.#context.onTruncated?.(places);
		return this.#vectors;
	}

	#tell(done: number): void {
		if (done <= this.#told) return;
		this.#told = done;
		this.#context.onProgress?.({ done, total: this.#texts.length });
	}
}
