import type { AdapterId } from './ids.ts';

/** How much of an adapter found its place in a model. */
export interface AdapterMatch {
	readonly adapter: AdapterId;
	/** Modules of the adapter that are in the model: never 0, that is refused. */
	readonly matched: number;
	/** Modules of the adapter. */
	readonly of: number;
}
