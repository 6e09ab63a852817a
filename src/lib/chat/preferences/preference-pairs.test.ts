import { describe, expect, test } from 'vitest';
import { engineNamed, preferenceRow } from '../../testing/judged-answers.ts';
import { isComplete, pairsOf, unpaired } from './preference-pairs.ts';
import type { PreferenceRow } from './preference-records.ts';

const good = (id: string, chosen: string, at = 0): PreferenceRow =>
	preferenceRow(id, { chosen, at });
const bad = (id: string, rejected: string, at = 0): PreferenceRow =>
	preferenceRow(id, { rejected, at, verdict: 'bad' });
const both = (id: string, chosen: string, rejected: string): PreferenceRow =>
	preferenceRow(id, { chosen, rejected, verdict: 'rewritten' });
const texts = (rows: readonly PreferenceRow[]): string[] =>
	pairsOf(rows).map(({ chosen, rejected }) => `${chosen} > ${rejected}`);

describe('a row is complete', () => {
	test.each([
		['with two different answers', both('a', 'x', 'y'), true],
		['not with the same one twice', both('a', 'x', 'x '), false],
		['not with one alone', good('a', 'x'), false]
	])('%s', (_, row, complete) => {
		expect(isComplete(row)).toBe(complete);
		expect(pairsOf([row])).toHaveLength(complete ? 1 : 0);
	});
});

describe('halves', () => {
	test('of one prompt are joined', () => {
		expect(texts([good('a', 'x'), bad('b', 'y')])).toEqual(['x > y']);
	});

	test('of different prompts are not', () => {
		const other = preferenceRow('b', {
			rejected: 'y',
			prompt: [{ role: 'user', content: 'Another?' }]
		});
		const rows = [good('a', 'x'), other];
		expect(pairsOf(rows)).toEqual([]);
		expect(unpaired(rows, [])).toEqual(rows);
	});

	test('belong to the engine whose answer was rejected, and to the day of the younger', () => {
		const [small, large] = [engineNamed('Small'), engineNamed('Large')];
		const [pair] = pairsOf([
			{ ...good('a', 'x', 5), engine: large, extractive: true },
			{ ...bad('b', 'y', 3), engine: small }
		]);
		expect(pair).toMatchObject({ id: 'a+b', engine: small, at: 5, extractive: true });
	});

	test('are each used, when there are more on one side', () => {
		const rows = [
			good('a', 'x1', 1),
			good('b', 'x2', 2),
			bad('c', 'y1'),
			bad('d', 'y2'),
			bad('e', 'y3')
		];
		expect(texts(rows).toSorted()).toEqual(['x1 > y1', 'x1 > y3', 'x2 > y2']);
		expect(unpaired(rows, pairsOf(rows))).toEqual([]);
	});

	test('without an opposite take that of a complete row', () => {
		expect(texts([good('a', 'x'), both('b', 'better', 'y')])).toEqual(['x > y', 'better > y']);
		expect(texts([bad('a', 'z'), both('b', 'better', 'y')])).toEqual(['better > y', 'better > z']);
	});

	test('that say the same are not joined', () => {
		const rows = [good('a', 'x'), bad('b', ' x')];
		expect(pairsOf(rows)).toEqual([]);
		expect(unpaired(rows, pairsOf(rows))).toEqual(rows);
	});
});

test('pairs come oldest first, whatever the order of the rows', () => {
	const rows = [good('a', 'x', 9), bad('b', 'y', 1), { ...both('c', 'm', 'n'), at: 4 }];
	const other = { ...both('d', 'o', 'p'), prompt: [{ role: 'user', content: 'Else?' }] } as const;
	expect(pairsOf([...rows, other])).toEqual(pairsOf([other, ...rows.toReversed()]));
	expect(texts([...rows, other])).toEqual(['o > p', 'm > n', 'x > y']);
});
