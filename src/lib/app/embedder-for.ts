import { AppError } from '../core/errors.ts';
import type { Embedder } from '../migration/engine-seat.ts';
import { embedWith } from './embed-with.ts';
import type { EmbeddingInUse } from './embedding-in-use.ts';
import type { EnginePool } from './engine-pool.ts';
import type { LiveIndex } from './index-maintainer.ts';

interface Parts {
	readonly embedding: Pick<EmbeddingInUse, 'call'>;
	readonly pool: Pick<EnginePool, 'open'>;
}

/** What fills that index: the engine in use, started anew where it fails, or one that is opened for this alone. */
export async function embedderFor(
	{ embedding, pool }: Parts,
	live: LiveIndex,
	signal: AbortSignal
): Promise<Embedder> {
	if (!live.inUse) return pool.open(live.spec, signal);
	return {
		async embed(texts, purpose, abort, onTruncated) {
			const { value, setup } = await embedding.call(
				(engine) => embedWith(engine)(texts, purpose, abort, onTruncated),
				abort
			);
			// After a switch in the meantime they belong elsewhere: the pass that follows a switch sees to that.
			if (setup.index !== live.index) throw new AppError('cancelled');
			return value;
		},
		close: () => Promise.resolve()
	};
}
