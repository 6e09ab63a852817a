import { AppError } from '../core/errors.ts';
import type { Sha256 } from '../core/ids.ts';
import type { TopHits } from './top-hits.ts';
import { dotAt } from './vector-math.ts';

/** Vectors per block, in memory and in the store. */
export const blockRows = 256;

/**
 * The vectors of an index in memory, in the order in which they came. A row is live while a chunk has its text;
 * the others stay, as their text may come back, but are never found.
 */
export class VectorMatrix {
	readonly dims: number;
	readonly #blocks: Float32Array[] = [];
	readonly #hashes: Sha256[] = [];
	readonly #rowOf = new Map<Sha256, number>();
	#live = new Uint8Array(blockRows);

	constructor(dims: number) {
		this.dims = dims;
	}

	get rows(): number {
		return this.#hashes.length;
	}

	has(textHash: Sha256): boolean {
		return this.#rowOf.has(textHash);
	}

	/** Adds a unit vector of the right size for a text that has none. Returns its row. */
	add(textHash: Sha256, vector: Float32Array, isLive: boolean): number {
		const row = this.rows;
		const inBlock = row % blockRows;
		if (inBlock === 0) this.#grow();
		this.#blocks.at(-1)?.set(vector, inBlock * this.dims);
		this.#hashes.push(textHash);
		this.#rowOf.set(textHash, row);
		this.#live[row] = isLive ? 1 : 0;
		return row;
	}

	/** The row that changed, or null when that text has none or was so already. */
	setLive(textHash: Sha256, isLive: boolean): number | null {
		const row = this.#rowOf.get(textHash);
		if (row === undefined || this.isLive(row) === isLive) return null;
		this.#live[row] = isLive ? 1 : 0;
		return row;
	}

	isLive(row: number): boolean {
		return this.#live[row] === 1;
	}

	hashOf(row: number): Sha256 {
		const hash = this.#hashes[row];
		if (hash === undefined) throw noSuchRow(row);
		return hash;
	}

	/** A view: not to be changed. */
	vector(row: number): Float32Array {
		const start = (row % blockRows) * this.dims;
		return this.#block(row).subarray(start, start + this.dims);
	}

	/** Cosine of the row and a unit vector. */
	score(row: number, query: Float32Array): number {
		return dotAt(this.#block(row), (row % blockRows) * this.dims, query);
	}

	/** Offers every live row from `from` up to and without `to`. */
	scan(query: Float32Array, from: number, to: number, top: TopHits): void {
		for (let row = from; row < to; row++) {
			if (this.#live[row] === 1) top.offer(row, this.score(row, query));
		}
	}

	#block(row: number): Float32Array {
		const block = this.#blocks[Math.floor(row / blockRows)];
		if (!block) throw noSuchRow(row);
		return block;
	}

	#grow(): void {
		this.#blocks.push(new Float32Array(blockRows * this.dims));
		if (this.#live.length > this.rows) return;
		const grown = new Uint8Array(this.#live.length * 2);
		grown.set(this.#live);
		this.#live = grown;
	}
}

function noSuchRow(row: number): AppError {
	return new AppError('bug', { details: { reason: `the index has no row ${row}` } });
}
