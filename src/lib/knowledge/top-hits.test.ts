import { expect, test } from 'vitest';
import { seededRandom } from './seeded-random.ts';
import { TopHits } from './top-hits.ts';

function topOf(scores: readonly number[], limit: number): number[] {
	const top = new TopHits(limit);
	for (const [row, score] of scores.entries()) top.offer(row, score);
	return top.hits.map((hit) => hit.row);
}

test('keeps the best, best first', () => {
	expect(topOf([0.1, 0.9, 0.5, 0.7], 3)).toEqual([1, 3, 2]);
});

test('is what sorting everything gives', () => {
	const random = seededRandom(5);
	const scores = Array.from({ length: 500 }, () => Math.floor(random() * 100));
	const sorted = [...scores.keys()].sort((a, b) => scores[b]! - scores[a]! || a - b);
	expect(topOf(scores, 20)).toEqual(sorted.slice(0, 20));
	expect(topOf(scores.toReversed(), 1000)).toHaveLength(500);
});

test('puts the lower row first of equals, in whatever order they come', () => {
	const top = new TopHits(2);
	for (const row of [3, 1, 2]) top.offer(row, 0.5);
	expect(top.hits.map((hit) => hit.row)).toEqual([1, 2]);
});

test('keeps nothing when nothing is asked for', () => {
	expect(topOf([1, 2], 0)).toEqual([]);
});
