import type { DocumentId } from '../core/ids.ts';
import type { RecordStore, StoreWrite } from '../ports/record-store.ts';
import { write } from '../ports/store-write.ts';
import { type ChunkerId, chunkerIdOf } from './chunker-id.ts';
import type { ChunkPlace } from './corpus.ts';
import { defaultChunker } from './index-spec.ts';
import { type ChunkRow, chunkSetStore, chunkStore } from './knowledge-records.ts';

/** The chunks that one chunker has made, on disk. Those of the default chunker have a store of their own. */
export class ChunkShelf {
	readonly isDefault: boolean;
	readonly #records: RecordStore;
	readonly #id: ChunkerId;

	constructor(records: RecordStore, id: ChunkerId) {
		this.#records = records;
		this.#id = id;
		this.isDefault = id === chunkerIdOf(defaultChunker);
	}

	async at({ documentId, ordinal }: ChunkPlace): Promise<ChunkRow | undefined> {
		if (this.isDefault) return await this.#records.get(chunkStore, [documentId, ordinal]);
		return await this.#records.get(chunkSetStore, [this.#id, documentId, ordinal]);
	}

	/** In the order of the document. */
	async of(documentId: DocumentId): Promise<ChunkRow[]> {
		if (this.isDefault) return await this.#records.list(chunkStore, { prefix: [documentId] });
		return await this.#records.list(chunkSetStore, { prefix: [this.#id, documentId] });
	}

	storing(chunks: readonly ChunkRow[]): StoreWrite[] {
		return chunks.map((chunk) =>
			this.isDefault
				? write.put(chunkStore, chunk)
				: write.put(chunkSetStore, { ...chunk, chunker: this.#id })
		);
	}

	deleting(documentId: DocumentId): StoreWrite {
		return this.isDefault
			? write.deletePrefix(chunkStore, [documentId])
			: write.deletePrefix(chunkSetStore, [this.#id, documentId]);
	}
}
