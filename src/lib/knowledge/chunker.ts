import type { ChunkerSpec } from './index-spec.ts';
import type { ChunkRow, Section } from './knowledge-records.ts';
import { endOfText, splitText } from './split-text.ts';

/** A chunk before it is hashed and stored. */
export type Chunk = Omit<ChunkRow, 'documentId' | 'textHash'>;

/**
 * Cuts sections into chunks of at most `spec.size` characters. A chunk never crosses a section, and begins with up to
 * `spec.overlap` characters of the chunk before it where there is room. The same input gives the same chunks.
 */
export function chunkSections(sections: readonly Section[], spec: ChunkerSpec): Chunk[] {
	const chunks: Chunk[] = [];
	for (const { headings, page, text } of sections) {
		for (const packed of pack(text, spec)) {
			chunks.push({ ordinal: chunks.length, text: packed, headings, page });
		}
	}
	return chunks;
}

function pack(text: string, { size, overlap }: ChunkerSpec): string[] {
	const chunks: string[] = [];
	let current = '';
	for (const piece of splitText(text, size)) {
		const grown = current === '' ? piece.text : current + piece.glue + piece.text;
		if (grown.length <= size) {
			current = grown;
			continue;
		}
		chunks.push(current);
		const room = Math.min(overlap, size - piece.text.length - piece.glue.length);
		const tail = endOfText(current, room);
		current = tail === '' ? piece.text : tail + piece.glue + piece.text;
	}
	if (current !== '') chunks.push(current);
	return chunks;
}
