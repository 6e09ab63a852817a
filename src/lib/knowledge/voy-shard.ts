import type { Voy } from 'voy-search/voy_search.js';
import type { LoadVoy } from './load-voy.ts';
import { seededRandom } from './seeded-random.ts';
import { TopHits } from './top-hits.ts';
import type { VectorMatrix } from './vector-matrix.ts';

export interface VoyTools {
	readonly loadVoy: LoadVoy;
	/** Lets other calls run before a long build goes on. */
	readonly pause: () => Promise<void>;
}

/** Vectors added without a pause. */
const slice = 250;
const canaryQueries = 32;
const canaryDepth = 10;
const canaryRecall = 0.99;
/** Too small to change who is near, big enough that no two vectors share a coordinate. */
const jitter = 1e-6;

/**
 * Some rows of a matrix in one Voy. Voy cannot hold more than 32 vectors that are equal in a leading coordinate, and
 * panics instead of saying so: equal vectors go in once, and all are moved by a hair. What it returns are candidates,
 * to be scored by the matrix.
 */
export class VoyShard {
	readonly #voy: Voy;
	/** Rows with the same vector, by the number under which Voy knows it. */
	readonly #groups: readonly (readonly number[])[];

	private constructor(voy: Voy, groups: readonly (readonly number[])[]) {
		this.#voy = voy;
		this.#groups = groups;
	}

	/** A shard that has been compared with the exact scan, or null when Voy failed or did not find what is there. */
	static async build(
		matrix: VectorMatrix,
		rows: readonly number[],
		{ loadVoy, pause }: VoyTools
	): Promise<VoyShard | null> {
		if (rows.length === 0) return null;
		try {
			const { Voy } = await loadVoy();
			const groups = groupEqual(matrix, rows);
			const voy = new Voy();
			const shard = new VoyShard(voy, groups);
			const random = seededRandom(groups.length);
			for (let start = 0; start < groups.length; start += slice) {
				voy.add({ embeddings: resources(matrix, groups, start, random) });
				await pause();
			}
			if (await shard.#findsWhatIsThere(matrix, rows, pause)) return shard;
			shard.free();
			return null;
		} catch {
			// A Voy that has panicked must not be touched again, not even to free it.
			return null;
		}
	}

	/** Rows that are probably the nearest, at least `limit` where there are as many; in no order that counts. */
	candidates(query: Float32Array, limit: number): number[] {
		const k = Math.max(1, Math.min(limit, this.#groups.length));
		const { neighbors } = this.#voy.search(query, k);
		return neighbors.flatMap(({ id }) => this.#groups[Number(id)] ?? []);
	}

	/** Gives its memory back to Voy's heap. The shard must not be used afterwards. */
	free(): void {
		this.#voy.free();
	}

	async #findsWhatIsThere(
		matrix: VectorMatrix,
		rows: readonly number[],
		pause: () => Promise<void>
	): Promise<boolean> {
		const queries = Math.min(canaryQueries, rows.length);
		let wanted = 0;
		let found = 0;
		for (let number = 0; number < queries; number++) {
			if (number % 8 === 7) await pause();
			const row = rows[Math.floor((number * rows.length) / queries)] ?? 0;
			const query = matrix.vector(row);
			const exact = new TopHits(canaryDepth);
			for (const other of rows) exact.offer(other, matrix.score(other, query));
			const candidates = this.candidates(query, canaryDepth);
			const scores = new TopHits(canaryDepth);
			for (const other of candidates) scores.offer(other, matrix.score(other, query));
			// Scores are compared, not rows: of equals any will do.
			for (const [place, { score }] of exact.hits.entries()) {
				wanted++;
				if ((scores.hits[place]?.score ?? -2) >= score - jitter) found++;
			}
		}
		return found >= wanted * canaryRecall;
	}
}

function resources(
	matrix: VectorMatrix,
	groups: readonly (readonly number[])[],
	start: number,
	random: () => number
): { id: string; title: string; url: string; embeddings: number[] }[] {
	return groups.slice(start, start + slice).map(([row = 0], index) => ({
		id: String(start + index),
		title: '',
		url: '',
		embeddings: Array.from(matrix.vector(row), (value) => value + (random() * 2 - 1) * jitter)
	}));
}

function groupEqual(matrix: VectorMatrix, rows: readonly number[]): number[][] {
	const byFingerprint = new Map<number, number[][]>();
	const groups: number[][] = [];
	for (const row of rows) {
		const vector = matrix.vector(row);
		const print = fingerprint(vector);
		const alike = byFingerprint.get(print) ?? [];
		byFingerprint.set(print, alike);
		const group = alike.find(([first = 0]) => isEqual(matrix.vector(first), vector));
		if (group) group.push(row);
		else {
			const fresh = [row];
			alike.push(fresh);
			groups.push(fresh);
		}
	}
	return groups;
}

function fingerprint(vector: Float32Array): number {
	const bits = new Uint32Array(vector.buffer, vector.byteOffset, vector.length);
	let hash = 0x811c9dc5;
	for (const word of bits) hash = Math.imul(hash ^ word ^ (word >>> 15), 0x01000193);
	return hash >>> 0;
}

function isEqual(a: Float32Array, b: Float32Array): boolean {
	return a.every((value, index) => value === b[index]);
}
