import { TopHits, type VectorHit } from './top-hits.ts';
import type { VectorIndex } from './vector-index.ts';
import type { VectorMatrix } from './vector-matrix.ts';
import { VoyShard, type VoyTools } from './voy-shard.ts';

/** Rows of one Voy. */
const shardRows = 2500;
/** Rows above which the exact scan serves. */
const voyRows = 10_000;
/** New rows in a shard that are worth building it again; fewer are scanned. */
const leastGrowth = 64;

/** True for indexes that Voy can serve: it cuts longer vectors short, and fails on very short ones. */
export function voyCanServe(dims: number, rows: number): boolean {
	return dims >= 16 && dims <= 768 && rows <= voyRows;
}

interface Shard {
	/** Null while it is not built, and when it failed. */
	voy: VoyShard | null;
	/** How many of its rows have been looked at by the last build. */
	seen: number;
	failed: boolean;
	/** Grows with each change of its rows, so that a build notices one meanwhile. */
	version: number;
}

/** Voy in shards over a matrix. What no shard holds, or holds no more, is scanned. */
export class VoyIndex implements VectorIndex {
	readonly #matrix: VectorMatrix;
	readonly #tools: VoyTools;
	readonly #shards: Shard[] = [];
	#freed = false;

	constructor(matrix: VectorMatrix, tools: VoyTools) {
		this.#matrix = matrix;
		this.#tools = tools;
	}

	/** `exact` once every shard has failed. */
	get kind(): 'voy' | 'exact' {
		return this.#shards.length > 0 && this.#shards.every((shard) => shard.failed) ? 'exact' : 'voy';
	}

	search(query: Float32Array, limit: number): readonly VectorHit[] {
		const top = new TopHits(limit);
		for (let start = 0; start < this.#matrix.rows; start += shardRows) {
			const end = Math.min(start + shardRows, this.#matrix.rows);
			const shard = this.#shards[start / shardRows];
			const candidates = shard?.voy ? this.#candidates(shard, query, limit) : null;
			for (const row of candidates ?? []) top.offer(row, this.#matrix.score(row, query));
			this.#matrix.scan(query, candidates ? start + (shard?.seen ?? 0) : start, end, top);
		}
		return top.hits;
	}

	changed(row: number): void {
		const shard = this.#shards[Math.floor(row / shardRows)];
		if (!shard) return;
		shard.version++;
		this.#release(shard);
	}

	async build(): Promise<void> {
		for (let index = 0; index * shardRows < this.#matrix.rows; index++) {
			const shard = (this.#shards[index] ??= { voy: null, seen: 0, failed: false, version: 0 });
			while (!this.#freed && this.#isStale(index, shard)) await this.#buildShard(index, shard);
		}
	}

	/** Frees all shards. The index must not be used afterwards. */
	free(): void {
		this.#freed = true;
		for (const shard of this.#shards) this.#release(shard);
	}

	#isStale(index: number, { seen }: Shard): boolean {
		const rows = Math.min(this.#matrix.rows - index * shardRows, shardRows);
		const grown = rows - seen;
		return (
			seen === 0 || grown >= Math.max(leastGrowth, seen / 4) || (grown > 0 && rows === shardRows)
		);
	}

	async #buildShard(index: number, shard: Shard): Promise<void> {
		const { version } = shard;
		const start = index * shardRows;
		const end = Math.min(start + shardRows, this.#matrix.rows);
		const rows: number[] = [];
		for (let row = start; row < end; row++) if (this.#matrix.isLive(row)) rows.push(row);
		const voy = await VoyShard.build(this.#matrix, rows, this.#tools);
		if (this.#freed || shard.version !== version) {
			voy?.free();
			return;
		}
		this.#release(shard);
		shard.voy = voy;
		shard.seen = end - start;
		shard.failed = voy === null && rows.length > 0;
	}

	#candidates(shard: Shard, query: Float32Array, limit: number): number[] | null {
		try {
			return shard.voy?.candidates(query, limit) ?? null;
		} catch {
			// A panic: this Voy is dead, its rows are scanned from now on.
			shard.voy = null;
			shard.failed = true;
			return null;
		}
	}

	#release(shard: Shard): void {
		shard.voy?.free();
		shard.voy = null;
		shard.seen = 0;
	}
}
