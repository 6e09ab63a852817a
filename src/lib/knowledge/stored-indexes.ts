import type { IndexId } from '../core/ids.ts';
import type { RecordStore, StoreWrite } from '../ports/record-store.ts';
import { write } from '../ports/store-write.ts';
import type { ChunkerId } from './chunker-id.ts';
import { chunkSetStore, indexStore, vectorBlockStore } from './knowledge-records.ts';
import { ownersIn, rowsOf } from './walk-store.ts';

/** Says what is needed of what is stored. */
interface Needed {
	readonly index: (id: IndexId) => boolean;
	readonly chunks: (chunker: ChunkerId) => boolean;
}

/** The writes that delete an index with its vectors, and the chunks of that chunker unless null. */
export function deletionOf(id: IndexId, chunker: ChunkerId | null): StoreWrite[] {
	const vectors = [write.deletePrefix(vectorBlockStore, [id]), write.delete(indexStore, id)];
	return chunker === null ? vectors : [...vectors, write.deletePrefix(chunkSetStore, [chunker])];
}

/** What `deletionOf` gives back: bytes of vectors and of the texts of chunks. */
export async function bytesOf(
	records: RecordStore,
	id: IndexId,
	chunker: ChunkerId | null
): Promise<number> {
	let bytes = 0;
	for await (const { vectors } of rowsOf(records, vectorBlockStore, id))
		bytes += vectors.byteLength;
	return chunker === null ? bytes : bytes + (await textBytes(records, chunker));
}

/** Deletes vectors and chunks that belong to no index at all. Returns their bytes. May be cut short and repeated. */
export async function collectOrphans(records: RecordStore, needed: Needed): Promise<number> {
	let bytes = 0;
	for await (const id of ownersIn(records, vectorBlockStore)) {
		if (needed.index(id)) continue;
		bytes += await bytesOf(records, id, null);
		await records.commit(deletionOf(id, null));
	}
	for await (const chunker of ownersIn(records, chunkSetStore)) {
		if (needed.chunks(chunker)) continue;
		bytes += await textBytes(records, chunker);
		await records.commit([write.deletePrefix(chunkSetStore, [chunker])]);
	}
	return bytes;
}

async function textBytes(records: RecordStore, chunker: ChunkerId): Promise<number> {
	const encoder = new TextEncoder();
	let bytes = 0;
	for await (const { text } of rowsOf(records, chunkSetStore, chunker))
		bytes += encoder.encode(text).length;
	return bytes;
}
