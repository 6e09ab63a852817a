import type { RecordStore } from '../ports/record-store.ts';
import type { ChunkSets } from './chunk-sets.ts';
import type { ChunkPlace } from './corpus.ts';
import type { FoundChunk } from './knowledge-api.ts';
import { documentStore } from './knowledge-records.ts';

/**
 * The chunk at that place with its neighbours. With a text, the chunk with that text in whichever set has it; without,
 * the default one. Null when there is none.
 */
export async function findPassage(
	records: RecordStore,
	sets: ChunkSets,
	{ documentId, ordinal }: ChunkPlace,
	text?: string
): Promise<FoundChunk | null> {
	const document = await records.get(documentStore, documentId);
	if (!document) return null;
	for (const { shelf } of text === undefined ? [sets.default] : sets.all) {
		const [before, chunk, after] = await Promise.all(
			[-1, 0, 1].map((step) => shelf.at({ documentId, ordinal: ordinal + step }))
		);
		if (!chunk || (text !== undefined && chunk.text !== text)) continue;
		return { document, chunk, before: before ?? null, after: after ?? null };
	}
	return null;
}
