import type { ModelId } from '../core/ids.ts';
import { type ChunkerSpec, defaultChunker, type IndexSpec } from '../knowledge/index-spec.ts';

/** Cuts into small pieces what the default chunker leaves whole. */
export const fineChunker: ChunkerSpec = { kind: 'structure', version: 1, size: 120, overlap: 30 };

/** The spec of a small index; another `revision` is another index. */
export function indexSpec(revision = '1', dims = 32, chunker = defaultChunker): IndexSpec {
	return {
		version: 1,
		engine: 'test',
		model: 'test-embedder' as ModelId,
		revision,
		dtype: null,
		embedding: {
			dims,
			pooling: 'none',
			prefixes: { query: '', passage: '' },
			normalise: true,
			maxTokens: null
		},
		chunker,
		metric: 'cosine'
	};
}
