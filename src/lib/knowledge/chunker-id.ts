import type { Brand } from '../core/brand.ts';
import type { ChunkerSpec } from './index-spec.ts';

/** Names a way of cutting documents up, readably: `structure-1-900-120`. */
export type ChunkerId = Brand<string, 'ChunkerId'>;

/** Equal ids mean equal chunks of equal documents. */
export function chunkerIdOf({ kind, version, size, overlap }: ChunkerSpec): ChunkerId {
	return `${kind}-${version}-${size}-${overlap}` as ChunkerId;
}
