import { expect, test } from 'vitest';
import { median, percentile } from './percentile.ts';

test.each([
	[[], null],
	[[3], 3],
	[[9, 1, 4], 4],
	[[1, 2, 3, 10], 2.5]
])('the median of %j is %s', (values, expected) => {
	expect(median(values)).toBe(expected);
});

test('a percentile lies between the two nearest values', () => {
	expect(percentile([10, 0], 0.95)).toBeCloseTo(9.5);
	expect(percentile([1, 2, 3], 1)).toBe(3);
});

test('what it is given stays in its order', () => {
	const values = [3, 1, 2];
	median(values);
	expect(values).toEqual([3, 1, 2]);
});
