import { expect, test } from 'vitest';
import { adapterCheck, adapterRow } from '../../testing/adapter-row.ts';
import { baseWords, checkText, matchWords, sizeWords } from './adapter-words.ts';

test.each([
	['Llama 1B', 'meta/llama-1b', 'Llama 1B (meta/llama-1b)'],
	['Llama 1B', '', 'Llama 1B'],
	['Llama 1B', 'Llama 1B', 'Llama 1B'],
	[null, 'meta/llama-1b', 'meta/llama-1b'],
	[null, '', 'not stated']
])('the base model is told by what is known: %j and %j', (model, name, words) => {
	expect(baseWords({ base: { name, model, identity: null } })).toBe(words);
});

test('its size has rank, modules and bytes', () => {
	expect(sizeWords(adapterRow('bees'))).toEqual(['rank 4', '2 modules', '1.0 KB']);
	const [first] = adapterRow('bees').modules;
	expect(sizeWords(adapterRow('bees', { modules: [first!] }))[1]).toBe('1 module');
});

test('a check tells what came of it', () => {
	expect(checkText(adapterCheck('bees'))).toBe('works, matched 2 of 2 modules');
	expect(checkText(adapterCheck('bees', { result: 'untried', matched: 0 }))).toBe(
		'could not be tried'
	);
});

test('a check tells how much found its place', () => {
	expect(matchWords(adapterCheck('bees', { matched: 1, of: 2 }))).toBe('matched 1 of 2 modules');
	expect(matchWords(adapterCheck('bees', { matched: 1, of: 1 }))).toBe('matched 1 of 1 module');
});
