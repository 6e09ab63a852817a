import type { DocumentId, Sha256 } from '../core/ids.ts';
import type { ChunkRow, DocumentRow } from './knowledge-records.ts';

/** Where a chunk stands. */
export interface ChunkPlace {
	readonly documentId: DocumentId;
	readonly ordinal: number;
}

interface Entry {
	readonly document: DocumentRow;
	/** Text of each chunk, by ordinal. */
	readonly textHashes: readonly Sha256[];
}

/** Which texts the ready documents consist of, in memory; the texts themselves stay in the store. */
export class Corpus {
	readonly #entries = new Map<DocumentId, Entry>();
	readonly #places = new Map<Sha256, ChunkPlace[]>();

	/** Distinct texts. */
	get size(): number {
		return this.#places.size;
	}

	/** Adds a document with its chunks in order. Returns the texts that were not here before. */
	add(document: DocumentRow, chunks: readonly ChunkRow[]): Sha256[] {
		const fresh: Sha256[] = [];
		for (const { documentId, ordinal, textHash } of chunks) {
			const places = this.#places.get(textHash);
			if (places) places.push({ documentId, ordinal });
			else {
				this.#places.set(textHash, [{ documentId, ordinal }]);
				fresh.push(textHash);
			}
		}
		this.#entries.set(document.id, { document, textHashes: chunks.map((chunk) => chunk.textHash) });
		return fresh;
	}

	/** Removes a document. Returns the texts that no chunk has any more. */
	remove(id: DocumentId): Sha256[] {
		const gone: Sha256[] = [];
		for (const textHash of new Set(this.#entries.get(id)?.textHashes)) {
			const left = (this.#places.get(textHash) ?? []).filter((place) => place.documentId !== id);
			if (left.length > 0) this.#places.set(textHash, left);
			else if (this.#places.delete(textHash)) gone.push(textHash);
		}
		this.#entries.delete(id);
		return gone;
	}

	document(id: DocumentId): DocumentRow | undefined {
		return this.#entries.get(id)?.document;
	}

	has(textHash: Sha256): boolean {
		return this.#places.has(textHash);
	}

	/** The chunk with that text that was here first. */
	placeOf(textHash: Sha256): ChunkPlace | undefined {
		return this.#places.get(textHash)?.[0];
	}

	/** Every distinct text at its first place, in the order in which documents were added. */
	*texts(): Generator<ChunkPlace & { readonly textHash: Sha256 }> {
		const seen = new Set<Sha256>();
		for (const { document, textHashes } of [...this.#entries.values()].sort(byAge)) {
			for (const [ordinal, textHash] of textHashes.entries()) {
				if (seen.has(textHash)) continue;
				seen.add(textHash);
				yield { documentId: document.id, ordinal, textHash };
			}
		}
	}
}

function byAge(a: Entry, b: Entry): number {
	return a.document.addedAt - b.document.addedAt || (a.document.id < b.document.id ? -1 : 1);
}
