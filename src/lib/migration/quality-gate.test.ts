import { describe, expect, test } from 'vitest';
import type { Sha256 } from '../core/ids.ts';
import { lossesOf, overlapOf, passesGate, rateSide, type Ranking } from './quality-gate.ts';

const hash = (name: string): Sha256 => name as Sha256;
const ranking = (found: string, ms = 1): Ranking => ({ found: Array.from(found, hash), ms });
const items = ['a', 'b', 'c', 'd'].map((name) => ({ query: `${name}?`, textHash: hash(name) }));

describe('rateSide', () => {
	const side = rateSide('New', items, [
		ranking('axyz', 4),
		ranking('xb', 1),
		ranking('xyzuvwc', 3),
		ranking('xyz', 100)
	]);

	test('counts who found its own passage among the first 1, 5 and 10', () => {
		expect(side).toMatchObject({ name: 'New', recallAt1: 0.25, recallAt5: 0.5, recallAt10: 0.75 });
	});

	test('averages 1 / rank, and nothing for what was not found', () => {
		expect(side.mrr).toBeCloseTo((1 + 1 / 2 + 1 / 7) / 4);
	});

	test('takes the median of the times', () => {
		expect(side.medianMs).toBe(3.5);
		expect(rateSide('N', items.slice(0, 1), [ranking('a', 9)]).medianMs).toBe(9);
	});

	test('gives zeros without queries', () => {
		expect(rateSide('N', [], [])).toMatchObject({ recallAt10: 0, mrr: 0, medianMs: 0 });
	});
});

describe('overlapOf', () => {
	test('is the share of old passages that are found again', () => {
		expect(overlapOf([ranking('ab'), ranking('cd')], [ranking('ba'), ranking('cx')])).toBe(0.75);
	});

	test('is whole where there was nothing to lose', () => {
		expect(overlapOf([], [])).toBe(1);
		expect(overlapOf([ranking('')], [ranking('a')])).toBe(1);
	});
});

describe('lossesOf', () => {
	test('lists the queries that got worse, worst first', () => {
		const old = [ranking('a'), ranking('b'), ranking('xc'), ranking('x')];
		const next = [ranking('xa'), ranking('x'), ranking('c'), ranking('x')];
		expect(lossesOf(items, old, next)).toEqual([
			{ query: 'b?', oldRank: 1, newRank: null },
			{ query: 'a?', oldRank: 1, newRank: 2 }
		]);
	});

	test('lists ten at most', () => {
		const many = Array.from({ length: 15 }, () => items[0]!);
		const old = many.map(() => ranking('a'));
		expect(
			lossesOf(
				many,
				old,
				many.map(() => ranking('x'))
			)
		).toHaveLength(10);
	});
});

describe('passesGate', () => {
	const side = (recallAt10: number) => ({ ...rateSide('', [], []), recallAt10 });

	test.each([
		[0.9, 0.9, true],
		[0.9, 0.95, true],
		[0.9, 0.85, true],
		[0.9, 0.84, false],
		[0, 0, true]
	])('old %d, new %d, 0.05 allowed: %s', (old, next, passes) => {
		expect(passesGate(side(old), side(next), { maxRecallLoss: 0.05 })).toBe(passes);
	});
});
