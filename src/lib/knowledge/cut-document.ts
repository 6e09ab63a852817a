import type { DocumentId } from '../core/ids.ts';
import { hashText } from '../core/text-hash.ts';
import { chunkSections } from './chunker.ts';
import type { ChunkerSpec } from './index-spec.ts';
import type { ChunkRow, Section } from './knowledge-records.ts';

/** The chunks of a document, hashed, ready to be stored. */
export async function cutDocument(
	documentId: DocumentId,
	sections: readonly Section[],
	chunker: ChunkerSpec
): Promise<ChunkRow[]> {
	const chunks: ChunkRow[] = [];
	for (const chunk of chunkSections(sections, chunker)) {
		const textHash = await hashText(chunk.text);
		chunks.push({ documentId, textHash, ...chunk });
	}
	return chunks;
}
