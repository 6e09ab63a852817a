import { describe, expect, test, vi } from 'vitest';
import type { Resource, SearchResult } from 'voy-search/voy_search.js';
import type { Sha256 } from '../core/ids.ts';
import { randomVectors } from '../testing/random-vectors.ts';
import { voyFromDisk } from '../testing/voy-from-disk.ts';
import { ExactIndex } from './exact-index.ts';
import type { LoadVoy } from './load-voy.ts';
import { unitVector } from './vector-math.ts';
import { VectorMatrix } from './vector-matrix.ts';
import { VoyIndex, voyCanServe } from './voy-index.ts';

const tools = { loadVoy: voyFromDisk, pause: () => Promise.resolve() };
const hash = (row: number): Sha256 => `text-${row}` as Sha256;

function add(matrix: VectorMatrix, vectors: readonly Float32Array[]): void {
	for (const vector of vectors) matrix.add(hash(matrix.rows), unitVector(vector)!, true);
}

function matrixOf(vectors: readonly Float32Array[]): VectorMatrix {
	const matrix = new VectorMatrix(vectors[0]!.length);
	add(matrix, vectors);
	return matrix;
}

/** Voy under a counter of what it is asked. */
function countingVoy(): { loadVoy: LoadVoy; added: () => number; searches: () => number } {
	let added = 0;
	let searches = 0;
	const loadVoy: LoadVoy = async () => {
		const { Voy } = await voyFromDisk();
		// Voy's constructor returns an object of its own, so that it cannot be extended.
		class CountingVoy {
			readonly #voy = new Voy();
			add(resource: Resource): void {
				added += resource.embeddings.length;
				this.#voy.add(resource);
			}
			search(query: Float32Array, k: number): SearchResult {
				searches++;
				return this.#voy.search(query, k);
			}
			free(): void {
				this.#voy.free();
			}
		}
		return { Voy: CountingVoy as unknown as typeof Voy };
	};
	return { loadVoy, added: () => added, searches: () => searches };
}

function expectSameHits(
	index: VoyIndex,
	matrix: VectorMatrix,
	queries: readonly Float32Array[]
): void {
	const exact = new ExactIndex(matrix);
	for (const query of queries.map((vector) => unitVector(vector)!)) {
		const scores = index.search(query, 10).map((hit) => hit.score);
		const best = exact.search(query, 10).map((hit) => hit.score);
		expect(scores).toHaveLength(best.length);
		for (const [place, score] of best.entries()) expect(scores[place]).toBeCloseTo(score, 4);
	}
}

describe('the Voy index', () => {
	test('finds what the exact scan finds, and is asked only once it is built', async () => {
		const matrix = matrixOf(randomVectors(400, 48));
		const voy = countingVoy();
		const index = new VoyIndex(matrix, { ...tools, loadVoy: voy.loadVoy });
		expectSameHits(index, matrix, randomVectors(5, 48, 2));
		expect(voy.searches()).toBe(0);
		await index.build();
		const before = voy.searches();
		expectSameHits(index, matrix, randomVectors(20, 48, 3));
		expect(voy.searches() - before).toBe(20);
		expect(index.kind).toBe('voy');
	});

	test('finds rows added since, by scanning them until they are worth a build', async () => {
		const matrix = matrixOf(randomVectors(400, 32));
		const voy = countingVoy();
		const index = new VoyIndex(matrix, { ...tools, loadVoy: voy.loadVoy });
		await index.build();
		add(matrix, randomVectors(10, 32, 5));
		expect(index.search(matrix.vector(405), 1)[0]?.row).toBe(405);
		await index.build();
		expect(voy.added()).toBe(400);
		add(matrix, randomVectors(100, 32, 6));
		await index.build();
		expect(voy.added()).toBe(910);
		expectSameHits(index, matrix, randomVectors(10, 32, 7));
	});

	test('builds only the shard that has grown', async () => {
		const matrix = matrixOf(randomVectors(2500, 16));
		const voy = countingVoy();
		const index = new VoyIndex(matrix, { ...tools, loadVoy: voy.loadVoy });
		await index.build();
		add(matrix, randomVectors(70, 16, 5));
		await index.build();
		expect(voy.added()).toBe(2570);
		expectSameHits(index, matrix, randomVectors(5, 16, 7));
	});

	test('never finds a row that is not live, before and after the next build', async () => {
		const matrix = matrixOf(randomVectors(200, 32));
		const index = new VoyIndex(matrix, tools);
		await index.build();
		const row = matrix.setLive(hash(50), false);
		index.changed(row!);
		expect(index.search(matrix.vector(50), 200).map((hit) => hit.row)).not.toContain(50);
		await index.build();
		expect(index.search(matrix.vector(50), 200).map((hit) => hit.row)).not.toContain(50);
		matrix.setLive(hash(50), true);
		index.changed(50);
		expect(index.search(matrix.vector(50), 1)[0]?.row).toBe(50);
	});

	test('a change in the middle of a build is not lost', async () => {
		const matrix = matrixOf(randomVectors(300, 32));
		let pauses = 0;
		const pause = async (): Promise<void> => {
			if (++pauses !== 1) return;
			matrix.setLive(hash(7), false);
			index.changed(7);
		};
		const index = new VoyIndex(matrix, { ...tools, pause });
		await index.build();
		expect(index.search(matrix.vector(7), 300).map((hit) => hit.row)).not.toContain(7);
		expect(index.kind).toBe('voy');
	});
});

describe('vectors on which Voy fails', () => {
	const served = async (vectors: readonly Float32Array[]): Promise<VoyIndex> => {
		const matrix = matrixOf(vectors);
		const index = new VoyIndex(matrix, tools);
		await index.build();
		expectSameHits(index, matrix, randomVectors(5, vectors[0]!.length, 99));
		return index;
	};

	test('many identical ones are served', async () => {
		const [same, ...others] = randomVectors(100, 32);
		const index = await served([...Array.from({ length: 200 }, () => same!), ...others]);
		expect(index.kind).toBe('voy');
		expect(index.search(unitVector(same!)!, 200).filter((hit) => hit.score > 0.9999)).toHaveLength(
			200
		);
	});

	test('all identical ones are served', async () => {
		const [same] = randomVectors(1, 32);
		expect((await served(Array.from({ length: 40 }, () => same!))).kind).toBe('voy');
	});

	test('ones that are equal in leading coordinates are served', async () => {
		const vectors = randomVectors(500, 32).map((vector) => {
			vector.fill(0, 0, 8);
			return vector;
		});
		expect((await served(vectors)).kind).toBe('voy');
	});

	test('sparse ones, as hashed words give them, are served', async () => {
		const vectors = randomVectors(500, 64).map((vector) =>
			vector.map((value) => (Math.abs(value) > 0.9 ? Math.sign(value) : 0))
		);
		expect((await served(vectors.filter((vector) => unitVector(vector) !== null))).kind).toBe(
			'voy'
		);
	});

	test('a Voy that throws leaves its rows to the scan', async () => {
		class Broken {
			add(): never {
				throw new WebAssembly.RuntimeError('unreachable');
			}
		}
		const loadVoy = (async () => ({ Voy: Broken })) as unknown as LoadVoy;
		const matrix = matrixOf(randomVectors(100, 32));
		const index = new VoyIndex(matrix, { ...tools, loadVoy });
		await index.build();
		expect(index.kind).toBe('exact');
		expectSameHits(index, matrix, randomVectors(5, 32, 2));
	});

	test('a Voy that finds the wrong rows is noticed and not used', async () => {
		const free = vi.fn();
		class Wrong {
			add(): void {
				// Forgets everything.
			}
			search(): { neighbors: { id: string }[] } {
				return { neighbors: [{ id: '0' }] };
			}
			free = free;
		}
		const loadVoy = (async () => ({ Voy: Wrong })) as unknown as LoadVoy;
		const matrix = matrixOf(randomVectors(100, 32));
		const index = new VoyIndex(matrix, { ...tools, loadVoy });
		await index.build();
		expect(index.kind).toBe('exact');
		expect(free).toHaveBeenCalledOnce();
		expectSameHits(index, matrix, randomVectors(5, 32, 2));
	});

	test('a Voy that panics in a search leaves its rows to the scan from then on', async () => {
		const { Voy } = await voyFromDisk();
		const matrix = matrixOf(randomVectors(100, 32));
		const index = new VoyIndex(matrix, tools);
		await index.build();
		expect(index.kind).toBe('voy');
		const panic = vi.spyOn(Voy.prototype, 'search').mockImplementation(() => {
			throw new WebAssembly.RuntimeError('unreachable');
		});
		expectSameHits(index, matrix, randomVectors(5, 32, 2));
		expect(panic).toHaveBeenCalledOnce();
		expect(index.kind).toBe('exact');
		panic.mockRestore();
	});

	test('a Voy that cannot be loaded leaves its rows to the scan', async () => {
		const loadVoy: LoadVoy = () => Promise.reject(new Error('offline'));
		const matrix = matrixOf(randomVectors(100, 32));
		const index = new VoyIndex(matrix, { ...tools, loadVoy });
		await index.build();
		expectSameHits(index, matrix, randomVectors(5, 32, 2));
		expect(index.kind).toBe('exact');
	});
});

test('Voy serves neither long or very short vectors nor large indexes', () => {
	expect(voyCanServe(384, 10_000)).toBe(true);
	expect(voyCanServe(768, 1)).toBe(true);
	expect(voyCanServe(1024, 1)).toBe(false);
	expect(voyCanServe(8, 1)).toBe(false);
	expect(voyCanServe(384, 10_001)).toBe(false);
});
