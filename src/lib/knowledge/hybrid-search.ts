import type { DocumentRow, ChunkRow } from './knowledge-records.ts';
import { chunkStore } from './knowledge-records.ts';
import type { RecordStore } from '../ports/record-store.ts';
import type { Sha256 } from '../core/ids.ts';
import type { ChunkPlace, Corpus } from './corpus.ts';
import { fuseRankings } from './fuse-rankings.ts';
import type { SearchHit } from './knowledge-api.ts';
import type { KeywordHit } from './keyword-index.ts';
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
	corpus: Corpus,
	records: RecordStore
): Promise<SearchHit[]> {
	const byKeyword = new Map<Sha256, KeywordHit>();
	for (const hit of keyword) if (!byKeyword.has(hit.textHash)) byKeyword.set(hit.textHash, hit);
	const byVector = new Map(vector.map((hit) => [hit.textHash, hit]));
	const hits: SearchHit[] = [];
	for (const { item, score } of fuseRankings([[...byVector.keys()], [...byKeyword.keys()]])) {
		if (hits.length >= limit) break;
		const found = await resolve(byKeyword.get(item) ?? corpus.placeOf(item), corpus, records);
		if (!found) continue;
		hits.push({
			chunk: found.chunk,
			documentName: found.document.name,
			score,
			cosine: byVector.get(item)?.score ?? null,
			keyword: byKeyword.get(item)?.score ?? null
		});
	}
	return hits;
}

async function resolve(
	place: ChunkPlace | undefined,
	corpus: Corpus,
	records: RecordStore
): Promise<{ chunk: ChunkRow; document: DocumentRow } | null> {
	if (!place) return null;
	const chunk = await records.get(chunkStore, [place.documentId, place.ordinal]);
	const document = corpus.document(place.documentId);
	return chunk && document ? { chunk, document } : null;
}
