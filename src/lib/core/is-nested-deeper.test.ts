import { expect, test } from 'vitest';
import { isNestedDeeper } from './is-nested-deeper.ts';

test.each<[unknown, number]>([
	[null, 0],
	['[[[', 0],
	[[], 0],
	[[1], 1],
	[{ a: [1, { b: 2 }], c: 3 }, 3]
])('%j is nested %d deep', (value, depth) => {
	expect(isNestedDeeper(value, depth)).toBe(false);
	expect(depth === 0 || isNestedDeeper(value, depth - 1)).toBe(true);
});

test.each(['[', '{"a":'])('a hundred thousand %s do not overflow the stack', (open) => {
	const close = open === '[' ? ']' : '}';
	const value = JSON.parse(`${open.repeat(100_000)}1${close.repeat(100_000)}`) as unknown;
	expect(isNestedDeeper(value, 99_999)).toBe(true);
	expect(isNestedDeeper(value, 100_000)).toBe(false);
});
