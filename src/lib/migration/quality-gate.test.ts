import { describe, expect, test } from 'vitest';
import type { Sha256 } from '../core/ids.ts';
import { Counterparts } from './counterparts.ts';
import type { PastQuestionComparison } from './gate-report.ts';
import {
	lossesOf,
	meanOverlap,
	overlapOf,
	passesGate,
	rateSide,
	warningsOf,
	type Ranking
} from './quality-gate.ts';

const hash = (name: string): Sha256 => name as Sha256;
const ranking = (found: string, ms = 1): Ranking => ({ found: Array.from(found, hash), ms });
const queries = ['a', 'b', 'c', 'd'].map((name) => ({
	query: `${name}?`,
	right: new Set([hash(name)])
}));
/** Each passage stands for itself. */
const same = new Counterparts(
	new Map(Array.from('abcdx', (name) => [hash(name), new Set([hash(name)])]))
);

describe('rateSide', () => {
	const side = rateSide('New', queries, [
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

	test('takes the median of the times, and how long the slow ones take', () => {
		expect(side.medianMs).toBe(3.5);
		expect(side.p95Ms).toBeCloseTo(4 + 0.85 * 96);
		expect(rateSide('N', queries.slice(0, 1), [ranking('a', 9)])).toMatchObject({
			medianMs: 9,
			p95Ms: 9
		});
	});

	test('takes any of several right passages, the best one', () => {
		const either = [{ query: 'a?', right: new Set([hash('y'), hash('x')]) }];
		expect(rateSide('N', either, [ranking('uxy')]).mrr).toBe(1 / 2);
	});

	test('gives zeros without queries', () => {
		expect(rateSide('N', [], [])).toMatchObject({ recallAt10: 0, mrr: 0, medianMs: 0, p95Ms: 0 });
	});
});

describe('overlapOf', () => {
	test('is the share of old passages that are found again', () => {
		expect(overlapOf(ranking('ab'), ranking('ba'), same)).toBe(1);
		expect(overlapOf(ranking('cd'), ranking('cx'), same)).toBe(0.5);
	});

	test('is whole where there was nothing to lose', () => {
		expect(overlapOf(ranking(''), ranking('a'), same)).toBe(1);
		expect(meanOverlap([], [], same)).toBe(1);
	});

	test('knows a passage by what stands for it in passages of another size', () => {
		const recut = new Counterparts(
			new Map([
				[hash('a'), new Set([hash('1'), hash('2')])],
				[hash('b'), new Set([hash('3')])]
			])
		);
		expect(overlapOf(ranking('ab'), ranking('24'), recut)).toBe(0.5);
	});

	test('is averaged over questions, and those that were not asked again share nothing', () => {
		expect(meanOverlap([ranking('ab'), ranking('cd')], [ranking('ba')], same)).toBe(0.5);
	});
});

describe('lossesOf', () => {
	test('lists the queries that got worse, worst first', () => {
		const old = { queries, rankings: [ranking('a'), ranking('b'), ranking('xc'), ranking('x')] };
		const next = { queries, rankings: [ranking('xa'), ranking('x'), ranking('c'), ranking('x')] };
		expect(lossesOf(old, next)).toEqual([
			{ query: 'b?', oldRank: 1, newRank: null },
			{ query: 'a?', oldRank: 1, newRank: 2 }
		]);
	});

	test('lists ten at most', () => {
		const many = Array.from({ length: 15 }, () => queries[0]!);
		const old = { queries: many, rankings: many.map(() => ranking('a')) };
		expect(lossesOf(old, { queries: many, rankings: many.map(() => ranking('x')) })).toHaveLength(
			10
		);
	});
});

const side = (parts: { recallAt10?: number; medianMs?: number }) => ({
	...rateSide('', [], []),
	...parts
});

describe('passesGate', () => {
	test.each([
		[0.9, 0.9, true],
		[0.9, 0.95, true],
		[0.9, 0.85, true],
		[0.9, 0.84, false],
		[0, 0, true]
	])('old %d, new %d, 0.05 allowed: %s', (old, next, passes) => {
		const sides = [side({ recallAt10: old }), side({ recallAt10: next })] as const;
		expect(passesGate(...sides, { maxRecallLoss: 0.05 })).toBe(passes);
	});
});

describe('warningsOf', () => {
	const question = (overlapAt10: number): PastQuestionComparison => ({
		...{ question: 'Why?', overlapAt10, cited: 0, moved: 0, old: [], new: [] }
	});

	test.each([
		[[], []],
		[[0.5], []],
		[[0.1, 0.9], []],
		[[0.1, 0.8], ['questions-differ']]
	])('past questions that share %j of their passages: %j', (shares, warnings) => {
		const pastQuestions = shares.map(question);
		expect(warningsOf({ old: side({}), new: side({}), pastQuestions })).toEqual(warnings);
	});

	test.each([
		[1, 190, []],
		[50, 499, []],
		[20, 201, ['slower']]
	])('a search of %d ms that takes %d ms now: %j', (old, next, warnings) => {
		const sides = { old: side({ medianMs: old }), new: side({ medianMs: next }) };
		expect(warningsOf(sides)).toEqual(warnings);
	});
});
