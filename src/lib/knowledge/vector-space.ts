import type { Sha256 } from '../core/ids.ts';
import { ExactIndex } from './exact-index.ts';
import { unitVector } from './vector-math.ts';
import type { VectorIndex } from './vector-index.ts';
import { VectorMatrix } from './vector-matrix.ts';
import type { TextVector } from './vector-store.ts';
import { VoyIndex, voyCanServe } from './voy-index.ts';
import type { VoyTools } from './voy-shard.ts';

export interface TextHit {
	readonly textHash: Sha256;
	/** Exact cosine. */
	readonly score: number;
}

/** One index in memory, ready to be searched. Only texts that some chunk has are found. */
export class VectorSpace {
	readonly #matrix: VectorMatrix;
	#index: VectorIndex;

	constructor(dims: number, tools: VoyTools) {
		this.#matrix = new VectorMatrix(dims);
		this.#index = voyCanServe(dims, 0)
			? new VoyIndex(this.#matrix, tools)
			: new ExactIndex(this.#matrix);
	}

	get kind(): 'voy' | 'exact' {
		return this.#index.kind;
	}

	/** Adds unit vectors. Texts that are here already are passed over. */
	add(rows: readonly TextVector[], isLive: (textHash: Sha256) => boolean): void {
		for (const { textHash, vector } of rows) {
			if (!this.#matrix.has(textHash)) this.#matrix.add(textHash, vector, isLive(textHash));
		}
		if (this.#index instanceof VoyIndex && !voyCanServe(this.#matrix.dims, this.#matrix.rows)) {
			this.#index.free();
			this.#index = new ExactIndex(this.#matrix);
		}
	}

	/** Texts that came or went with a document. */
	setLive(textHashes: readonly Sha256[], isLive: boolean): void {
		for (const textHash of textHashes) {
			const row = this.#matrix.setLive(textHash, isLive);
			if (row !== null) this.#index.changed(row);
		}
	}

	/** Best first. Nothing for a vector that points nowhere. */
	search(vector: Float32Array, limit: number): TextHit[] {
		const query = unitVector(vector);
		if (!query || limit < 1) return [];
		return this.#index
			.search(query, Math.floor(limit))
			.map(({ row, score }) => ({ textHash: this.#matrix.hashOf(row), score }));
	}

	/** Brings Voy up to date. */
	build(): Promise<void> {
		return this.#index.build();
	}

	/** Gives Voy's memory back. The space must not be used afterwards. */
	free(): void {
		if (this.#index instanceof VoyIndex) this.#index.free();
	}
}
