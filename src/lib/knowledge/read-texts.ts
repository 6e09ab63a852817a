import type { Sha256 } from '../core/ids.ts';
import type { ChunkSet } from './chunk-set.ts';
import type { ChunkPlace } from './corpus.ts';
import type { EmbeddableText, TextPlace } from './knowledge-api.ts';

type Chunks = Pick<ChunkSet, 'corpus' | 'shelf'>;

/** The texts of these chunks, in their order. Those that went meanwhile are left out. */
export async function textsAt(
	{ shelf }: Chunks,
	places: readonly ChunkPlace[]
): Promise<EmbeddableText[]> {
	const chunks = await Promise.all(places.map((place) => shelf.at(place)));
	return chunks.flatMap((chunk) => (chunk ? [{ textHash: chunk.textHash, text: chunk.text }] : []));
}

/** Where these texts stand first, in their order. Those that are gone are left out. */
export async function findTextPlaces(
	{ corpus, shelf }: Chunks,
	textHashes: readonly Sha256[]
): Promise<TextPlace[]> {
	const found = await Promise.all(
		textHashes.map(async (textHash): Promise<TextPlace | null> => {
			const place = corpus.placeOf(textHash);
			const chunk = place && (await shelf.at(place));
			const document = place && corpus.document(place.documentId);
			if (!chunk || !document) return null;
			const { documentId, ordinal, headings, page, text } = chunk;
			const documentName = document.name;
			return { textHash, documentId, documentName, ordinal, headings, page, text };
		})
	);
	return found.filter((place) => place !== null);
}
