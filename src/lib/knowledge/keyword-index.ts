import MiniSearch from 'minisearch';
import type { DocumentId, Sha256 } from '../core/ids.ts';
import type { ChunkPlace } from './corpus.ts';
import type { ChunkRow } from './knowledge-records.ts';
import { tokenize } from './tokenize.ts';

export interface KeywordHit extends ChunkPlace {
	readonly textHash: Sha256;
	/** BM25, above 0. */
	readonly score: number;
}

/** More words than that make a search slow and no better. */
const queryTerms = 16;
/** Chunks indexed without a pause. */
const slice = 100;

interface Entry {
	readonly id: number;
	readonly text: string;
	readonly headings: string;
}

/** Finds chunks by the words of their text and headings. Lives in memory; built anew from the chunks at each start. */
export class KeywordIndex {
	readonly #pause: () => Promise<void>;
	readonly #chunks = new Map<number, Omit<KeywordHit, 'score'>>();
	readonly #idsOf = new Map<DocumentId, number[]>();
	readonly #search = new MiniSearch<Entry>({
		fields: ['text', 'headings'],
		tokenize: (text) => tokenize(text).map((token) => token.term),
		processTerm: (term) => term
	});
	#nextId = 0;

	/** `pause` lets other calls run before a long document is gone on with. */
	constructor(pause: () => Promise<void>) {
		this.#pause = pause;
	}

	async add(documentId: DocumentId, chunks: readonly ChunkRow[]): Promise<void> {
		const ids: number[] = [];
		this.#idsOf.set(documentId, ids);
		for (const [index, chunk] of chunks.entries()) {
			if (index % slice === slice - 1) await this.#pause();
			const id = this.#nextId++;
			ids.push(id);
			const { ordinal, textHash } = chunk;
			this.#chunks.set(id, { documentId, ordinal, textHash });
			this.#search.add({ id, text: chunk.text, headings: chunk.headings.join('\n') });
		}
	}

	/** From now on nothing of that document is found. */
	remove(documentId: DocumentId): void {
		for (const id of this.#idsOf.get(documentId) ?? []) {
			this.#chunks.delete(id);
			this.#search.discard(id);
		}
		this.#idsOf.delete(documentId);
	}

	/** Best first. Beginnings of words and small slips match too, and count less. */
	search(query: string, limit: number): KeywordHit[] {
		const terms = new Set(tokenize(query).map((token) => token.term));
		// Long words tell more than short ones.
		const chosen = [...terms].sort((a, b) => b.length - a.length).slice(0, queryTerms);
		const results = this.#search.search(chosen.join(' '), {
			tokenize: () => chosen,
			prefix: (term) => term.length >= 4,
			fuzzy: (term) => (term.length >= 6 ? 0.17 : false),
			weights: { prefix: 0.4, fuzzy: 0.3 },
			boost: { headings: 0.5 }
		});
		return results.slice(0, Math.max(0, limit)).flatMap(({ id, score }) => {
			const chunk = this.#chunks.get(id as number);
			return chunk ? [{ ...chunk, score }] : [];
		});
	}
}
