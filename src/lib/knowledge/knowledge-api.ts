import type { DocumentId, IndexId, Sha256 } from '../core/ids.ts';
import type { ChunkRow, DocumentRow } from './knowledge-records.ts';
import type { ChunkerSpec, IndexSpec } from './index-spec.ts';

export interface SearchRequest {
	readonly text: string;
	/** The query's vector in the space of `indexId`; null searches by keyword alone. */
	readonly vector: Float32Array | null;
	/** The index in use: its vectors, and the chunks that it was made of, are searched. Null: the default chunks. */
	readonly indexId: IndexId | null;
	readonly limit: number;
}

export interface SearchHit {
	readonly chunk: ChunkRow;
	readonly documentName: string;
	/** Reciprocal rank fusion of both rankings, higher is better. */
	readonly score: number;
	/** Exact cosine similarity, null when only the keywords matched. */
	readonly cosine: number | null;
	/** BM25 score, null when only the vectors matched. */
	readonly keyword: number | null;
}

export interface IndexState {
	readonly id: IndexId;
	readonly spec: IndexSpec;
	/** Distinct texts of all chunks of its chunker that are now present. */
	readonly texts: number;
	/** How many of them have a vector in this index. */
	readonly embedded: number;
	/** How many of those are longer than the model reads: their vectors are of their beginnings. */
	readonly truncated: number;
	/** How vectors are searched: by Voy, or by the exact scan (over 10k chunks, or when Voy failed its check). */
	readonly search: 'voy' | 'exact';
}

/** A chunk where it stands in its document. */
export interface FoundChunk {
	readonly document: DocumentRow;
	readonly chunk: ChunkRow;
	readonly before: ChunkRow | null;
	readonly after: ChunkRow | null;
}

export interface EmbeddableText {
	readonly textHash: Sha256;
	readonly text: string;
}

/** Where a text stands, for people. */
export interface TextPlace {
	readonly textHash: Sha256;
	readonly documentId: DocumentId;
	readonly documentName: string;
	/** Position of its chunk in the document, from 0. */
	readonly ordinal: number;
	readonly headings: readonly string[];
	readonly page: number | null;
	readonly text: string;
}

/** What a collection of garbage has deleted. */
export interface CollectedIndexes {
	readonly indexes: readonly IndexId[];
	/** Of vectors and chunks. */
	readonly bytes: number;
}

/** A question made from a passage of the user's own, which a good index answers with that passage. */
export interface KnownItem {
	readonly query: string;
	readonly textHash: Sha256;
}

/**
 * What the knowledge worker does. Everything that reads or writes documents, chunks and vectors goes through it,
 * one write at a time.
 */
export interface KnowledgeApi {
	/**
	 * Reads, chunks and stores one file. A file that cannot be read gets a `failed` row that says why, and is
	 * returned, not thrown. The same content again returns the row that is there. Storage errors are thrown.
	 */
	importFile(file: File): Promise<DocumentRow>;
	/** Removes a document with its text and chunks. Vectors stay until no index needs them. */
	removeDocument(id: DocumentId): Promise<void>;
	documents(): Promise<DocumentRow[]>;
	/**
	 * A chunk and its neighbours: the one with that text, among the chunks of all indexes; without a text, the default
	 * chunk. Null when it is gone.
	 */
	passage(id: DocumentId, ordinal: number, text?: string): Promise<FoundChunk | null>;

	/** Distinct texts that the documents would have if they were cut up in that way. Stores nothing. */
	textsWith(chunker: ChunkerSpec): Promise<number>;

	/**
	 * Makes the index of that spec if there is none, with the chunks of its chunker where they are not there yet, and says
	 * how full it is. Idempotent, also after it was cut short.
	 */
	createIndex(spec: IndexSpec): Promise<IndexState>;
	/** Null when there is no such index. */
	indexState(id: IndexId): Promise<IndexState | null>;
	/** Texts without a vector in that index, in document order. Empty when the index is complete. */
	missingTexts(id: IndexId, limit: number): Promise<EmbeddableText[]>;
	/**
	 * Stores vectors (normalised here). Texts that have one already are skipped.
	 * Errors: `engine/bad-output` for a wrong size, a zero vector or a value that is not finite; nothing is stored then.
	 */
	addVectors(
		id: IndexId,
		rows: readonly {
			readonly textHash: Sha256;
			readonly vector: Float32Array;
			/** True when the model has read only the beginning of the text. */
			readonly truncated?: boolean;
		}[]
	): Promise<void>;
	/** Marks an index as garbage after a time, or (null) as in use again. */
	retireIndex(id: IndexId, deleteAfter: number | null): Promise<void>;
	/** Deletes an index with its vectors, and chunks that no other index is made of. Idempotent. */
	dropIndex(id: IndexId): Promise<void>;
	/** Deletes indexes past their time that are not in `keep`, and what belongs to no index at all. */
	collectGarbage(keep: readonly IndexId[], now: number): Promise<CollectedIndexes>;

	/** Hybrid search: BM25 and vectors, fused. Errors: `index/mismatch` when the vector has the wrong size. */
	search(request: SearchRequest): Promise<SearchHit[]>;
	/** Vectors alone, exact, for comparing indexes. Best first. */
	nearest(
		id: IndexId,
		vector: Float32Array,
		limit: number
	): Promise<{ textHash: Sha256; score: number }[]>;
	/** Questions made from the chunks of that index; the same seed gives the same questions. */
	knownItems(id: IndexId, count: number, seed: number): Promise<KnownItem[]>;
	/** Where these texts stand in the chunks of that index, in their order. Texts that are gone are left out. */
	textPlaces(id: IndexId, textHashes: readonly Sha256[]): Promise<TextPlace[]>;
	/**
	 * For each text of `from`, the texts of `to` that say the same in the same document: itself where both are made of the
	 * same chunks, else those that share at least half of the shorter of the two. May be empty.
	 */
	counterparts(
		from: IndexId,
		to: IndexId,
		textHashes: readonly Sha256[]
	): Promise<readonly (readonly Sha256[])[]>;
}
