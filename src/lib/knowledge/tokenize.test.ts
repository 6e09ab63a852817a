import { expect, test } from 'vitest';
import { foldTerm, tokenize } from './tokenize.ts';

const terms = (text: string): string[] => tokenize(text).map((token) => token.term);

test('finds words and numbers with their places', () => {
	expect(tokenize('The Owl, 42!')).toEqual([
		{ term: 'the', surface: 'The', start: 0 },
		{ term: 'owl', surface: 'Owl', start: 4 },
		{ term: '42', surface: '42', start: 9 }
	]);
});

test('folds case and diacritics, not the vowel signs of other scripts', () => {
	expect(foldTerm('ÉCLAIR’s')).toBe("eclair's");
	expect(terms('Ångström naïve')).toEqual(['angstrom', 'naive']);
	expect(foldTerm('हिन्दी')).toBe('हिन्दी'.normalize('NFKD'));
});

test('parts the words of languages without spaces', () => {
	expect(terms('今天下雨')).toEqual(['今天', '下雨']);
	expect(tokenize('x 今天下雨').at(-1)?.start).toBe(4);
});

test('finds nothing in marks alone', () => {
	expect(terms('--- … !?')).toEqual([]);
});
