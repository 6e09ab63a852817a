import type { ErrorCode } from '../core/error-code.ts';
import type { DocumentId, IndexId, Sha256 } from '../core/ids.ts';
import type { StoreOf } from '../ports/record-store.ts';
import type { ChunkerId } from './chunker-id.ts';
import type { IndexSpec } from './index-spec.ts';

export type DocumentKind = 'markdown' | 'text' | 'html' | 'pdf';

/** A file as the user added it. `failed` rows stay until dismissed, so that no file is dropped silently. */
export interface DocumentRow {
	readonly id: DocumentId;
	readonly name: string;
	readonly kind: DocumentKind | 'unknown';
	readonly bytes: number;
	/** SHA-256 of the file, to notice that it is here already. */
	readonly contentHash: Sha256;
	readonly addedAt: number;
	readonly state: 'reading' | 'ready' | 'failed';
	/** Why it failed; null otherwise. */
	readonly error: { readonly code: ErrorCode; readonly message: string } | null;
	readonly chunkCount: number;
	/** Pages of a PDF, else null. */
	readonly pages: number | null;
}

/** A run of text under one heading path (and on one page), as a parser found it. */
export interface Section {
	/** Headings above, outermost first. */
	readonly headings: readonly string[];
	/** From 1, for PDF. */
	readonly page: number | null;
	/** Paragraphs, separated by blank lines. */
	readonly text: string;
}

/** The extracted text of a document, kept so that it can be chunked again without the file. */
export interface DocumentTextRow {
	readonly documentId: DocumentId;
	readonly sections: readonly Section[];
}

export interface ChunkRow {
	readonly documentId: DocumentId;
	/** Position in the document, from 0. */
	readonly ordinal: number;
	/** SHA-256 of `text`: the address of its vectors. */
	readonly textHash: Sha256;
	readonly text: string;
	readonly headings: readonly string[];
	readonly page: number | null;
}

/** A chunk that another chunker than the default one has made. */
export interface ChunkSetRow extends ChunkRow {
	readonly chunker: ChunkerId;
}

/** One vector space. Its vectors stand in blocks, apart from chunks. */
export interface IndexRow {
	readonly id: IndexId;
	readonly spec: IndexSpec;
	readonly createdAt: number;
	/** Set when no setup uses it any more: garbage after this time. Null while it is in use. */
	readonly deleteAfter: number | null;
	readonly blocks: number;
}

/** Up to 256 vectors of one index. Row i of `vectors` belongs to `textHashes[i]`. */
export interface VectorBlockRow {
	readonly indexId: IndexId;
	readonly block: number;
	readonly textHashes: readonly Sha256[];
	/** Float32, L2-normalised, `textHashes.length × dims` values, row after row. */
	readonly vectors: ArrayBuffer;
	/** Rows of texts that were longer than the model reads, ascending; absent where there is none. */
	readonly truncated?: readonly number[];
}

export const documentStore: StoreOf<DocumentRow, DocumentId> = {
	name: 'documents',
	keyOf: (row) => row.id
};
export const documentTextStore: StoreOf<DocumentTextRow, DocumentId> = {
	name: 'document-texts',
	keyOf: (row) => row.documentId
};
export const chunkStore: StoreOf<ChunkRow, [DocumentId, number]> = {
	name: 'chunks',
	keyOf: (row) => [row.documentId, row.ordinal]
};
export const chunkSetStore: StoreOf<ChunkSetRow, [ChunkerId, DocumentId, number]> = {
	name: 'chunk-sets',
	keyOf: (row) => [row.chunker, row.documentId, row.ordinal]
};
export const indexStore: StoreOf<IndexRow, IndexId> = { name: 'indexes', keyOf: (row) => row.id };
export const vectorBlockStore: StoreOf<VectorBlockRow, [IndexId, number]> = {
	name: 'vector-blocks',
	keyOf: (row) => [row.indexId, row.block]
};
