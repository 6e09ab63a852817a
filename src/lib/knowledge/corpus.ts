import type { DocumentId, Sha256 } from '../core/ids.ts';
import type { ChunkRow, DocumentRow } from './knowledge-records.ts';

/** Where a chunk stands. */
export interface ChunkPlace {
	readonly documentId: DocumentId;
	readonly ordinal: number;
}

/** A document as the corpus knows it. Never changes while it is there. */
export interface CorpusEntry {
	readonly document: DocumentRow;
	/** Text of each chunk, by ordinal. */
	readonly textHashes: readonly Sha256[];
}

/** Which texts the ready documents consist of, in memory; the texts themselves stay in the store. */
export class Corpus {
	readonly #byId = new Map<DocumentId, CorpusEntry>();
	readonly #places = new Map<Sha256, ChunkPlace[]>();
	readonly #entries: CorpusEntry[] = [];
	#version = 0;

	/** Grows with every document that comes or goes. */
	get version(): number {
		return this.#version;
	}

	/** The documents, in the order in which they were added. */
	get entries(): readonly CorpusEntry[] {
		return this.#entries;
	}

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
		this.#insert({ document, textHashes: chunks.map((chunk) => chunk.textHash) });
		this.#version++;
		return fresh;
	}

	/** Removes a document. Returns the texts that no chunk has any more. */
	remove(id: DocumentId): Sha256[] {
		const gone: Sha256[] = [];
		const entry = this.#byId.get(id);
		if (!entry) return gone;
		for (const textHash of new Set(entry.textHashes)) {
			const left = (this.#places.get(textHash) ?? []).filter((place) => place.documentId !== id);
			if (left.length > 0) this.#places.set(textHash, left);
			else if (this.#places.delete(textHash)) gone.push(textHash);
		}
		this.#byId.delete(id);
		this.#entries.splice(this.#entries.indexOf(entry), 1);
		this.#version++;
		return gone;
	}

	document(id: DocumentId): DocumentRow | undefined {
		return this.#byId.get(id)?.document;
	}

	has(textHash: Sha256): boolean {
		return this.#places.has(textHash);
	}

	/** The chunk with that text that was here first. */
	placeOf(textHash: Sha256): ChunkPlace | undefined {
		return this.#places.get(textHash)?.[0];
	}

	/** The places of all chunks with that text. */
	placesOf(textHash: Sha256): readonly ChunkPlace[] {
		return this.#places.get(textHash) ?? [];
	}

	/** The hash as the corpus has it, so that it need not be kept twice; itself for a text that is not here. */
	own(textHash: Sha256): Sha256 {
		const place = this.placeOf(textHash);
		return (place && this.#byId.get(place.documentId)?.textHashes[place.ordinal]) ?? textHash;
	}

	/** Every distinct text at its first place, in the order in which documents were added. */
	*texts(): Generator<ChunkPlace & { readonly textHash: Sha256 }> {
		const seen = new Set<Sha256>();
		for (const { document, textHashes } of this.#entries) {
			for (const [ordinal, textHash] of textHashes.entries()) {
				if (seen.has(textHash)) continue;
				seen.add(textHash);
				yield { documentId: document.id, ordinal, textHash };
			}
		}
	}

	/** Nearly always at the end. */
	#insert(entry: CorpusEntry): void {
		this.#byId.set(entry.document.id, entry);
		const place = this.#entries.findLastIndex((other) => byAge(other, entry) < 0) + 1;
		this.#entries.splice(place, 0, entry);
	}
}

function byAge(a: CorpusEntry, b: CorpusEntry): number {
	return a.document.addedAt - b.document.addedAt || (a.document.id < b.document.id ? -1 : 1);
}
