import { expect, test } from 'vitest';
import { dotAt, unitVector } from './vector-math.ts';

test('a vector gets length 1 and keeps its direction', () => {
	expect(unitVector(Float32Array.of(3, 0, 4))).toEqual(Float32Array.of(0.6, 0, 0.8));
});

test('very small and very large vectors do too', () => {
	expect(unitVector(Float32Array.of(1e-30, 0))?.[0]).toBeCloseTo(1);
	expect(unitVector(Float32Array.of(0, 3e38))?.[1]).toBeCloseTo(1);
});

test.each([[[0, 0]], [[1, Number.NaN]], [[Number.POSITIVE_INFINITY, 1]], [[]]])(
	'%j has no direction',
	(values) => {
		expect(unitVector(Float32Array.from(values))).toBeNull();
	}
);

test('the product is taken from the offset, for even and odd sizes', () => {
	const block = Float32Array.of(9, 9, 1, 2, 3);
	expect(dotAt(block, 2, Float32Array.of(1, 10, 100))).toBe(321);
	expect(dotAt(block, 2, Float32Array.of(1, 10))).toBe(21);
});
