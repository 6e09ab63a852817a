import type { ModelId } from '../core/ids.ts';
import { defaultChunker, type IndexSpec } from '../knowledge/index-spec.ts';

/** The spec of a small index; another `revision` is another index. */
export function indexSpec(revision = '1', dims = 32): IndexSpec {
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
		chunker: defaultChunker,
		metric: 'cosine'
	};
}
