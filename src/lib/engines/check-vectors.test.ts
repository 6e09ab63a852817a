import { describe, expect, test } from 'vitest';
import { checkVectors } from './check-vectors.ts';

const good = Float32Array.of(0.6, 0, 0.8);

function reasonFor(vectors: Float32Array[], count: number, dims: number | null): unknown {
	try {
		checkVectors(vectors, count, dims);
		return null;
	} catch (error) {
		return error;
	}
}

function bad(reason: string): unknown {
	return expect.objectContaining({ code: 'engine/bad-output', details: { reason } });
}

describe('checkVectors', () => {
	test('lets good vectors pass', () => {
		expect(reasonFor([good, good], 2, 3)).toBeNull();
	});

	test('takes any size where none was promised', () => {
		expect(reasonFor([good], 1, null)).toBeNull();
	});

	test('wants one vector for each text', () => {
		expect(reasonFor([good], 2, 3)).toEqual(bad('1 vectors for 2 texts'));
	});

	test('wants the size that was promised, of every vector', () => {
		expect(reasonFor([good, Float32Array.of(1)], 2, 3)).toEqual(
			bad('vector 1 has 1 numbers instead of 3')
		);
	});

	test.each([NaN, Infinity, -Infinity])('does not take %s for a number', (value) => {
		expect(reasonFor([Float32Array.of(1, value, 0)], 1, 3)).toEqual(bad(`vector 0 holds ${value}`));
	});

	test('refuses a vector that points nowhere', () => {
		expect(reasonFor([good, new Float32Array(3)], 2, 3)).toEqual(bad('vector 1 is all zeros'));
	});
});
