import type { BaseModelEngine } from '../engines/base-model-engine.ts';
import type { BenchEngine } from '../migration/migration-ports.ts';

/** `embed` of that engine, for those who fill an index. */
export function embedWith(engine: BaseModelEngine): BenchEngine['embed'] {
	return (texts, purpose, signal, onTruncated) =>
		engine.embed(texts, { purpose, signal, ...(onTruncated && { onTruncated }) });
}
