import type { ModelId } from '../../core/ids.ts';
import type { ModelSpec } from '../../core/model-spec.ts';

function starter(version: number, dims: number): ModelSpec {
	return {
		id: `starter-${version}` as ModelId,
		name: `Starter ${version}`,
		engine: 'starter',
		revision: String(version),
		tasks: ['generate', 'embed'],
		contextTokens: 8192,
		dtype: null,
		embedding: {
			dims,
			pooling: 'none',
			prefixes: { query: '', passage: '' },
			normalise: true,
			maxTokens: null
		},
		files: []
	};
}

/** In the bundle, nothing to download. The second finds more: it knows word forms, typos and compounds. */
export const starterModels: readonly ModelSpec[] = [starter(1, 256), starter(2, 512)];
