import type { DocumentId, IndexId, Sha256 } from '../core/ids.ts';
import type { ChunkRow, DocumentRow } from './knowledge-records.ts';
import type { IndexSpec } from './index-spec.ts';

export interface SearchRequest {
	readonly text: string;
	/** The query's vector in the space of `indexId`; null searches by keyword alone. */
	readonly vector: Float32Array | null;
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
	/** Distinct texts of all chunks now present. */
	readonly texts: number;
	/** How many of them have a vector in this index. */
	readonly embedded: number;
	/** How many of those are longer than the model reads: their vectors are of their beginnings. */
	readonly truncated: number;
	/** How vectors are searched: by Voy, or by the exact scan (over 10k chunks, or when Voy failed its check). */
	readonly search: 'voy' | 'exact';
}

export interface EmbeddableText {
	readonly textHash: Sha256;
	readonly text: string;
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
	/** A chunk and its neighbours, or null when the document is gone. */
	passage(
		id: DocumentId,
		ordinal: number
	): Promise<{
		document: DocumentRow;
		chunk: ChunkRow;
		before: ChunkRow | null;
		after: ChunkRow | null;
	} | null>;

	/** Makes the index of that spec if there is none, and says how full it is. Idempotent. */
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
	/** Deletes an index with its vectors. Idempotent. */
	dropIndex(id: IndexId): Promise<void>;
	/** Deletes indexes past their time that are not in `keep`. Returns what it deleted. */
	collectGarbage(keep: readonly IndexId[], now: number): Promise<IndexId[]>;

	/** Hybrid search: BM25 and vectors, fused. Errors: `index/mismatch` when the vector has the wrong size. */
	search(request: SearchRequest): Promise<SearchHit[]>;
	/** Vectors alone, exact, for comparing indexes. Best first. */
	nearest(
		id: IndexId,
		vector: Float32Array,
		limit: number
	): Promise<{ textHash: Sha256; score: number }[]>;
	/** Questions made from the user's documents; the same seed gives the same questions. */
	knownItems(count: number, seed: number): Promise<KnownItem[]>;
}
