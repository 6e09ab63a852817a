import { expect, test } from 'vitest';
import { spokenList } from './spoken-list.ts';

test.for([
	[[], ''],
	[['a'], 'a'],
	[['a', 'b'], 'a and b'],
	[['a', 'b', 'c'], 'a, b and c'],
	[['a', 'b', 'c', 'd'], 'a, b, c and d']
] as const)('%j is said as it is spoken', ([items, text]) => {
	expect(spokenList(items)).toBe(text);
});

test('what would be too much to hear is a number', () => {
	expect(spokenList(['a', 'b', 'c', 'd', 'e'])).toBe('a, b, c and 2 more');
	expect(spokenList(['a', 'b', 'c'], 2)).toBe('a and 2 more');
});

test('what is left is never a single one that could have been named', () => {
	const names = ['a', 'b', 'c', 'd', 'e'];
	for (const most of [2, 3, 4]) expect(spokenList(names, most)).not.toContain('1 more');
});
