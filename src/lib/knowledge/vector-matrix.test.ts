import { describe, expect, test } from 'vitest';
import type { Sha256 } from '../core/ids.ts';
import { randomVectors } from '../testing/random-vectors.ts';
import { ExactIndex } from './exact-index.ts';
import { unitVector } from './vector-math.ts';
import { VectorMatrix } from './vector-matrix.ts';

const hash = (row: number): Sha256 => `text-${row}` as Sha256;

function matrixOf(vectors: readonly Float32Array[]): VectorMatrix {
	const matrix = new VectorMatrix(vectors[0]!.length);
	for (const [row, vector] of vectors.entries()) matrix.add(hash(row), unitVector(vector)!, true);
	return matrix;
}

describe('a matrix of vectors', () => {
	const vectors = randomVectors(600, 24);
	const matrix = matrixOf(vectors);

	test('gives back each row, over blocks', () => {
		for (const row of [0, 255, 256, 599]) {
			expect(matrix.vector(row)).toEqual(unitVector(vectors[row]!));
			expect(matrix.hashOf(row)).toBe(hash(row));
		}
		expect(matrix.rows).toBe(600);
	});

	test('scores a row by its cosine', () => {
		expect(matrix.score(300, unitVector(vectors[300]!)!)).toBeCloseTo(1, 5);
	});

	test('knows which texts it has', () => {
		expect(matrix.has(hash(599))).toBe(true);
		expect(matrix.has(hash(600))).toBe(false);
		expect(() => matrix.hashOf(600)).toThrow('no row 600');
	});
});

describe('the exact index', () => {
	test('finds the nearest rows as sorting all of them does', () => {
		const vectors = randomVectors(600, 24);
		const matrix = matrixOf(vectors);
		const query = unitVector(randomVectors(1, 24, 9)[0]!)!;
		const sorted = [...vectors.keys()].sort(
			(a, b) => matrix.score(b, query) - matrix.score(a, query)
		);
		const hits = new ExactIndex(matrix).search(query, 10);
		expect(hits.map((hit) => hit.row)).toEqual(sorted.slice(0, 10));
	});

	test('passes over rows that are not live, and finds them when they come back', () => {
		const matrix = matrixOf(randomVectors(300, 16));
		const index = new ExactIndex(matrix);
		const query = matrix.vector(270);
		expect(matrix.setLive(hash(270), false)).toBe(270);
		expect(matrix.setLive(hash(270), false)).toBeNull();
		expect(index.search(query, 300).map((hit) => hit.row)).not.toContain(270);
		matrix.setLive(hash(270), true);
		expect(index.search(query, 1)[0]?.row).toBe(270);
	});

	test('knows no text that was never added', () => {
		const matrix = matrixOf(randomVectors(1, 16));
		expect(matrix.setLive(hash(7), true)).toBeNull();
		expect(new ExactIndex(matrix).search(matrix.vector(0), 5)).toHaveLength(1);
	});
});
