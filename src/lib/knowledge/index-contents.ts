import type { Sha256 } from '../core/ids.ts';
import type { ChunkPlace, Corpus, CorpusEntry } from './corpus.ts';

interface Counts {
	/** Of the corpus that was counted. */
	readonly version: number;
	embedded: number;
	truncated: number;
}

/** Which texts have a vector in one index, and which of the corpus lack one. */
export class IndexContents {
	readonly #corpus: Corpus;
	readonly #known = new Set<Sha256>();
	readonly #truncated = new Set<Sha256>();
	/** How many of a document's first chunks have a vector, as far as anybody has looked: they never lose it. */
	readonly #complete = new WeakMap<CorpusEntry, number>();
	#counts: Counts = { version: -1, embedded: 0, truncated: 0 };

	constructor(corpus: Corpus) {
		this.#corpus = corpus;
	}

	/** Texts with a vector, those included that no chunk has any more. */
	get size(): number {
		return this.#known.size;
	}

	has(textHash: Sha256): boolean {
		return this.#known.has(textHash);
	}

	/** A text that had none has a vector now. */
	add(textHash: Sha256, truncated: boolean): void {
		// The corpus has the same string already: one copy is enough.
		const own = this.#corpus.own(textHash);
		this.#known.add(own);
		if (truncated) this.#truncated.add(own);
		if (this.#counts.version !== this.#corpus.version || !this.#corpus.has(own)) return;
		this.#counts.embedded++;
		if (truncated) this.#counts.truncated++;
	}

	/** How many texts of the corpus have a vector; of how many it is that of their beginning. */
	counts(): { readonly embedded: number; readonly truncated: number } {
		const { version } = this.#corpus;
		if (this.#counts.version !== version) {
			const live = (texts: ReadonlySet<Sha256>): number => {
				let count = 0;
				for (const textHash of texts) if (this.#corpus.has(textHash)) count++;
				return count;
			};
			this.#counts = { version, embedded: live(this.#known), truncated: live(this.#truncated) };
		}
		const { embedded, truncated } = this.#counts;
		return { embedded, truncated };
	}

	/** The first texts of the corpus without a vector, each once, in document order. */
	missing(limit: number): ChunkPlace[] {
		const found = new Map<Sha256, ChunkPlace>();
		for (const entry of this.#corpus.entries) {
			if (found.size >= limit) break;
			const { document, textHashes } = entry;
			for (let ordinal = this.#completeIn(entry); ordinal < textHashes.length; ordinal++) {
				if (found.size >= limit) break;
				const textHash = textHashes[ordinal];
				if (textHash === undefined || this.#known.has(textHash) || found.has(textHash)) continue;
				found.set(textHash, { documentId: document.id, ordinal });
			}
		}
		return [...found.values()];
	}

	#completeIn(entry: CorpusEntry): number {
		let ordinal = this.#complete.get(entry) ?? 0;
		for (; ordinal < entry.textHashes.length; ordinal++) {
			const textHash = entry.textHashes[ordinal];
			if (textHash !== undefined && !this.#known.has(textHash)) break;
		}
		this.#complete.set(entry, ordinal);
		return ordinal;
	}
}
