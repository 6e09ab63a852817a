import type { VectorHit } from './top-hits.ts';

/** Finds the nearest live rows of a matrix. Scores are exact whatever finds the rows. */
export interface VectorIndex {
	readonly kind: 'voy' | 'exact';
	/** The nearest rows, best first. `query` is a unit vector of the right size. */
	search(query: Float32Array, limit: number): readonly VectorHit[];
	/** Tells that a row became live, or ceased to be. New rows are noticed without that. */
	changed(row: number): void;
	/** Prepares for what has changed since. Searches before and meanwhile are right too, if slower. */
	build(): Promise<void>;
}
