import type { Sha256 } from '../core/ids.ts';
import type { ChunkSet } from './chunk-set.ts';
import type { ChunkPlace } from './corpus.ts';
import { fuseRankings } from './fuse-rankings.ts';
import type { KeywordHit } from './keyword-index.ts';
import type { SearchHit } from './knowledge-api.ts';
import type { ChunkRow, DocumentRow } from './knowledge-records.ts';
import type { TextHit } from './vector-space.ts';

/** Both rankings of a search, best first. */
export interface Rankings {
	readonly keyword: readonly KeywordHit[];
	readonly vector: readonly TextHit[];
}

/**
 * One list of hits of two rankings. A text that stands in several chunks is one hit: the chunk that the keywords
 * found, else the one that was here first. Texts whose chunk is gone are passed over.
 */
export async function fuseHits(
	{ keyword, vector }: Rankings,
	limit: number,
	{ corpus, shelf }: Pick<ChunkSet, 'corpus' | 'shelf'>
): Promise<SearchHit[]> {
	const byKeyword = new Map<Sha256, KeywordHit>();
	for (const hit of keyword) if (!byKeyword.has(hit.textHash)) byKeyword.set(hit.textHash, hit);
	const byVector = new Map(vector.map((hit) => [hit.textHash, hit]));
	const fused = fuseRankings([[...byVector.keys()], [...byKeyword.keys()]])
		.filter(({ item }) => corpus.has(item))
		.slice(0, Math.max(0, limit));
	const hits = await Promise.all(
		fused.map(async ({ item, score }): Promise<SearchHit | null> => {
			const place = byKeyword.get(item) ?? corpus.placeOf(item);
			const found = place && (await resolve(place));
			if (!found) return null;
			return {
				chunk: found.chunk,
				documentName: found.document.name,
				score,
				cosine: byVector.get(item)?.score ?? null,
				keyword: byKeyword.get(item)?.score ?? null
			};
		})
	);
	return hits.filter((hit) => hit !== null);

	/** Null for what was removed a moment ago. */
	async function resolve(
		place: ChunkPlace
	): Promise<{ chunk: ChunkRow; document: DocumentRow } | null> {
		const chunk = await shelf.at(place);
		const document = corpus.document(place.documentId);
		return chunk && document ? { chunk, document } : null;
	}
}
