import { describe, expect, test } from 'vitest';
import { engineNamed, preferenceRow } from '../../testing/judged-answers.ts';
import { pairsOf } from './preference-pairs.ts';
import { pairsByEngine, selectPairs } from './select-pairs.ts';

const llama = engineNamed('Llama');
const qwen = engineNamed('Qwen');
const answers = { chosen: 'x', rejected: 'y' };
const pairs = pairsOf([
	preferenceRow('a', { ...answers, at: 1, engine: llama }),
	preferenceRow('b', { ...answers, at: 2, engine: qwen }),
	preferenceRow('c', { ...answers, at: 3, engine: qwen, extractive: true })
]);
const everything = { model: null, since: null, extractive: true };

describe('pairs are selected', () => {
	test.each([
		['all of them', everything, ['a', 'b', 'c']],
		['by engine', { ...everything, model: qwen.model }, ['b', 'c']],
		['from a date on, that one included', { ...everything, since: 2 }, ['b', 'c']],
		['without answers that only quote', { ...everything, extractive: false }, ['a', 'b']],
		['by all of it', { model: qwen.model, since: 3, extractive: false }, []]
	])('%s', (_, filter, ids) => {
		expect(selectPairs(pairs, filter).map(({ id }) => id)).toEqual(ids);
	});
});

test('pairs are counted by engine, the one with the most first', () => {
	expect(pairsByEngine(pairs)).toEqual([
		{ engine: qwen, pairs: 2 },
		{ engine: llama, pairs: 1 }
	]);
});
