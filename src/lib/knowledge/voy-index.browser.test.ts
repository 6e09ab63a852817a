import init from 'voy-search/voy_search_bg.wasm?init';
import { describe, expect, test } from 'vitest';
import type { Sha256 } from '../core/ids.ts';
import { randomVectors } from '../testing/random-vectors.ts';
import { voyLoader } from './load-voy.ts';
import { unitVector } from './vector-math.ts';
import { VectorSpace } from './vector-space.ts';

const tools = { loadVoy: voyLoader(init), pause: () => Promise.resolve() };

/** Builds a space of these vectors, and looks for each of five of them. */
async function served(vectors: readonly Float32Array[]): Promise<string> {
	const dims = vectors[0]!.length;
	const space = new VectorSpace(dims, tools);
	const rows = vectors.map((vector, at) => ({
		textHash: `text-${at}` as Sha256,
		vector: unitVector(vector)!
	}));
	space.add(rows, () => true);
	await space.build();
	for (const at of [0, 7, 13, 20, 32]) {
		expect(space.search(vectors[at]!, 1)[0]?.score).toBeCloseTo(1, 4);
	}
	return space.kind;
}

describe('the real Voy in a browser', () => {
	test('serves ordinary vectors', async () => {
		expect(await served(randomVectors(200, 384))).toBe('voy');
	});

	test('serves 33 identical vectors', async () => {
		const [same] = randomVectors(1, 384);
		expect(await served(Array.from({ length: 33 }, () => same!))).toBe('voy');
	});

	test('serves vectors that are equal in the leading axis', async () => {
		expect(await served(randomVectors(100, 384).map((vector) => vector.fill(0.5, 0, 1)))).toBe(
			'voy'
		);
	});

	test('does not serve 1024 dimensions', async () => {
		expect(await served(randomVectors(100, 1024))).toBe('exact');
	});

	test('is not asked with a query that is no number', async () => {
		const space = new VectorSpace(32, tools);
		space.add(
			[{ textHash: 'a' as Sha256, vector: unitVector(randomVectors(1, 32)[0]!)! }],
			() => true
		);
		await space.build();
		expect(space.search(new Float32Array(32).fill(Number.NaN), 5)).toEqual([]);
		expect(space.search(randomVectors(1, 32)[0]!, 4e9)).toHaveLength(1);
	});
});
