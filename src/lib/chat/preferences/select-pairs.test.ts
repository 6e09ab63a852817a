import { describe, expect, test } from 'vitest';
import type { ModelId } from '../../core/ids.ts';
import { engineNamed, preferenceRow } from '../../testing/judged-answers.ts';
import { pairsOf } from './preference-pairs.ts';
import { nameOf, pairsByBase, selectPairs } from './select-pairs.ts';

const llama = engineNamed('Llama');
const qwen = engineNamed('Qwen');
const otherQwen = engineNamed('Qwen-MLC');
const answers = { chosen: 'x', rejected: 'y' };
const pairs = pairsOf([
	preferenceRow('a', { ...answers, at: 1, engine: llama }),
	preferenceRow('b', { ...answers, at: 2, engine: qwen }),
	preferenceRow('c', { ...answers, at: 3, engine: qwen, extractive: true }),
	preferenceRow('d', { ...answers, at: 4, engine: otherQwen })
]);
const everything = { base: null, since: null, extractive: true };
const itself = (model: ModelId): ModelId => model;
const byQwen = (model: ModelId): ModelId => (model === otherQwen.model ? qwen.model : model);

describe('pairs are selected', () => {
	test.each([
		['all of them', everything, ['a', 'b', 'c', 'd']],
		['by base, with its copies', { ...everything, base: qwen.model }, ['b', 'c', 'd']],
		['from a date on, that one included', { ...everything, since: 3 }, ['c', 'd']],
		['without answers that only quote', { ...everything, extractive: false }, ['a', 'b', 'd']],
		['by all of it', { base: qwen.model, since: 3, extractive: false }, ['d']]
	])('%s', (_, filter, ids) => {
		expect(selectPairs(pairs, filter, byQwen).map(({ id }) => id)).toEqual(ids);
	});

	test('by model where nothing is known of copies', () => {
		const filter = { ...everything, base: qwen.model };
		expect(selectPairs(pairs, filter, itself).map(({ id }) => id)).toEqual(['b', 'c']);
	});
});

describe('pairs are counted, the base with the most first', () => {
	test('copies of one base together', () => {
		const counted = pairsByBase(pairs, byQwen);
		expect(counted).toEqual([
			{ base: qwen.model, engines: [qwen, otherQwen], pairs: 3 },
			{ base: llama.model, engines: [llama], pairs: 1 }
		]);
		expect(counted.map(nameOf)).toEqual(['Qwen and Qwen-MLC', 'Llama']);
	});

	test('each by itself where nothing is known of copies', () => {
		const counted = pairsByBase(pairs, itself);
		expect(counted.map((each) => [nameOf(each), each.pairs])).toEqual([
			['Qwen', 2],
			['Llama', 1],
			['Qwen-MLC', 1]
		]);
	});

	test('copies of the same name are named once', () => {
		expect(nameOf({ engines: [qwen, { ...qwen, revision: '2' }] })).toBe('Qwen');
	});
});
