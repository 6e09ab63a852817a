import { expect, test } from 'vitest';
import { citationMarkAt, nextCitationMark, withoutCitationMarks } from './citation-syntax.ts';

test.each([
	['[1] so', { raw: '[1]', numbers: [1] }],
	['[1, 22 ,3]', { raw: '[1, 22 ,3]', numbers: [1, 22, 3] }],
	['[1](https://example.org)', undefined],
	['so [1]', undefined],
	['[1-2]', undefined],
	['[1234]', undefined]
])('at the start of %j stands %j', (text, mark) => {
	expect(citationMarkAt(text)).toEqual(mark);
});

test('the next mark is looked for from any place', () => {
	expect(nextCitationMark('so [a] and [12]')).toBe(11);
	expect(nextCitationMark('so [a]')).toBeUndefined();
});

test('a text can be had without its marks', () => {
	expect(withoutCitationMarks('So [1][2]. And [1, 3] so; see [4](/a).')).toBe(
		'So. And so; see [4](/a).'
	);
});
