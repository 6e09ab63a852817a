import type { Sha256 } from '../core/ids.ts';
import type { ChunkSets } from './chunk-sets.ts';
import { cutDocument } from './cut-document.ts';
import type { ChunkerSpec } from './index-spec.ts';
import type { KnowledgeDeps } from './knowledge-deps.ts';
import { readText } from './read-text.ts';

/** Distinct texts that the documents have, or would have, with that chunker. Stores nothing; lets other calls run. */
export async function countTexts(
	{ records, pause }: Pick<KnowledgeDeps, 'records' | 'pause'>,
	sets: ChunkSets,
	chunker: ChunkerSpec
): Promise<number> {
	const { corpus } = sets.default;
	const there = sets.of(chunker)?.corpus;
	if (there?.entries.length === corpus.entries.length) return there.size;
	const texts = new Set<Sha256>();
	for (const { document } of [...corpus.entries]) {
		// It may have been removed meanwhile.
		if (!corpus.document(document.id)) continue;
		const sections = await readText(records, document);
		for (const { textHash } of await cutDocument(document.id, sections, chunker))
			texts.add(textHash);
		await pause();
	}
	return texts.size;
}
