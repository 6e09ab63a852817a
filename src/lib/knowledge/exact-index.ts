import { TopHits, type VectorHit } from './top-hits.ts';
import type { VectorIndex } from './vector-index.ts';
import type { VectorMatrix } from './vector-matrix.ts';

/** Looks at every row. Needs no building and is never wrong. */
export class ExactIndex implements VectorIndex {
	readonly kind = 'exact';
	readonly #matrix: VectorMatrix;

	constructor(matrix: VectorMatrix) {
		this.#matrix = matrix;
	}

	search(query: Float32Array, limit: number): readonly VectorHit[] {
		const top = new TopHits(limit);
		this.#matrix.scan(query, 0, this.#matrix.rows, top);
		return top.hits;
	}

	changed(): void {
		// Every search looks at the rows as they are.
	}

	build(): Promise<void> {
		return Promise.resolve();
	}
}
