import { canonicalJson } from '../core/canonical-json.ts';
import { hashText } from '../core/text-hash.ts';
import type { IndexId, ModelId } from '../core/ids.ts';
import type { EmbeddingSpec, ModelSpec } from '../core/model-spec.ts';
import { AppError } from '../core/errors.ts';

export interface ChunkerSpec {
	readonly kind: 'structure';
	readonly version: 1;
	/** Target size of a chunk in characters. */
	readonly size: number;
	/** Characters repeated from the previous chunk of the same section. */
	readonly overlap: number;
}

/** Everything that decides the vectors of an index. A change in any part is another index, never an edit. */
export interface IndexSpec {
	readonly version: 1;
	readonly engine: string;
	readonly model: ModelId;
	readonly revision: string;
	readonly dtype: string | null;
	readonly embedding: EmbeddingSpec;
	readonly chunker: ChunkerSpec;
	readonly metric: 'cosine';
	/** Which rebuild from the same parts it is, from 1; absent: the first index of that kind. */
	readonly generation?: number;
}

export const defaultChunker: ChunkerSpec = {
	kind: 'structure',
	version: 1,
	size: 900,
	overlap: 120
};

/**
 * The spec of the index that this model makes. `generation` tells rebuilds from the same parts apart, 0 for the first.
 * Errors: `engine/unsupported` for a model that does not embed.
 */
export function indexSpecOf(
	model: ModelSpec,
	chunker: ChunkerSpec = defaultChunker,
	generation = 0
): IndexSpec {
	if (!model.embedding) {
		throw new AppError('engine/unsupported', {
			details: { reason: `${model.name} makes no embeddings` }
		});
	}
	return {
		version: 1,
		engine: model.engine,
		model: model.id,
		revision: model.revision,
		dtype: model.dtype,
		embedding: model.embedding,
		chunker,
		metric: 'cosine',
		...(generation > 0 && { generation })
	};
}

/** Fingerprint of a spec: the SHA-256 of its canonical JSON (keys sorted at every level). */
export async function indexIdOf(spec: IndexSpec): Promise<IndexId> {
	return (await hashText(canonicalJson(spec))) as string as IndexId;
}
