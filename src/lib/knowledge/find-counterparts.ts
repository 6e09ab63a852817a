import type { DocumentId, Sha256 } from '../core/ids.ts';
import type { ChunkSet } from './chunk-set.ts';
import type { ChunkRow } from './knowledge-records.ts';
import { SharedText } from './shared-text.ts';

interface ReadDocument {
	readonly chunks: readonly ChunkRow[];
	readonly texts: SharedText;
}

/**
 * For each text of `from`, the texts of `to` that say the same in the same document, each once: itself where both are
 * the same chunks. Documents are read one after the other and forgotten again.
 */
export async function findCounterparts(
	from: ChunkSet,
	to: ChunkSet,
	textHashes: readonly Sha256[]
): Promise<readonly (readonly Sha256[])[]> {
	if (from === to) return textHashes.map((textHash) => [textHash]);
	const found = new Map(textHashes.map((textHash) => [textHash, new Set<Sha256>()]));
	for (const [documentId, texts] of byDocument(from, found.keys())) {
		const document = await read(to, documentId);
		for (const { textHash, ordinal } of texts) {
			const chunk = await from.shelf.at({ documentId, ordinal });
			if (!chunk) continue;
			for (const place of document.texts.like(chunk.text)) {
				const other = document.chunks[place];
				if (other) found.get(textHash)?.add(other.textHash);
			}
		}
	}
	return textHashes.map((textHash) => [...(found.get(textHash) ?? [])]);
}

function byDocument({ corpus }: ChunkSet, textHashes: Iterable<Sha256>) {
	const documents = new Map<DocumentId, { textHash: Sha256; ordinal: number }[]>();
	for (const textHash of textHashes) {
		const seen = new Set<DocumentId>();
		for (const { documentId, ordinal } of corpus.placesOf(textHash)) {
			if (seen.has(documentId)) continue;
			seen.add(documentId);
			const texts = documents.get(documentId);
			if (texts) texts.push({ textHash, ordinal });
			else documents.set(documentId, [{ textHash, ordinal }]);
		}
	}
	return documents;
}

async function read({ shelf }: ChunkSet, documentId: DocumentId): Promise<ReadDocument> {
	const chunks = await shelf.of(documentId);
	return { chunks, texts: new SharedText(chunks.map(({ text }) => text)) };
}
