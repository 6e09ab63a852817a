import type { ModelSpec } from '../core/model-spec.ts';
import { defaultChunker, indexSpecOf, type IndexSpec } from '../knowledge/index-spec.ts';
import { chunkerOfSize } from './passage-size.ts';
import type { IndexWish } from './upgrade-request.ts';

interface Facts {
	/** The index in use; null where nobody knows how it was made. */
	readonly present: IndexSpec | null;
	/** The embedding model after the upgrade. */
	readonly model: ModelSpec;
	/** Whether it is another one than now. */
	readonly isNew: boolean;
	readonly wish: IndexWish | undefined;
}

/**
 * How the index after the upgrade is made; null when the present one stays. `attempt` from 0: a rebuild takes the next
 * generation, or one after it where that has been built before.
 */
export function nextIndexSpec(
	{ present, model, isNew, wish }: Facts,
	attempt = 0
): IndexSpec | null {
	if (!model.embedding) return null;
	const before = present?.chunker ?? defaultChunker;
	const cutsAnew = wish?.chunkSize != null && wish.chunkSize !== before.size;
	if (!isNew && !cutsAnew && !wish?.rebuild) return null;
	const chunker = cutsAnew ? chunkerOfSize(wish.chunkSize) : before;
	const first = isNew || cutsAnew ? 0 : (present?.generation ?? 0) + 1;
	return indexSpecOf(model, chunker, first + (wish?.rebuild ? attempt : 0));
}
