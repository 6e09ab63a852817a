import { expect, test } from 'vitest';
import { fuseRankings } from './fuse-rankings.ts';

test('what both rankings hold comes before what one holds', () => {
	const fused = fuseRankings([
		['a', 'b', 'c'],
		['d', 'c', 'e']
	]);
	expect(fused.map(({ item }) => item)).toEqual(['c', 'a', 'd', 'b', 'e']);
	expect(fused[0]?.score).toBeCloseTo(1 / 63 + 1 / 62);
});

test('one ranking keeps its order', () => {
	expect(fuseRankings([['a', 'b']]).map(({ item }) => item)).toEqual(['a', 'b']);
});

test('counts an item once per ranking, at its better place', () => {
	const fused = fuseRankings([['a', 'a', 'b']]);
	expect(fused).toEqual([
		{ item: 'a', score: 1 / 61 },
		{ item: 'b', score: 1 / 62 }
	]);
});

test('nothing fused is nothing', () => {
	expect(fuseRankings([])).toEqual([]);
	expect(fuseRankings([[], []])).toEqual([]);
});
