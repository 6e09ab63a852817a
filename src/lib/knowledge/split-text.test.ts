import { describe, expect, test } from 'vitest';
import { endOfText, splitText } from './split-text.ts';

const texts = (text: string, size: number): string[] =>
	splitText(text, size).map((piece) => piece.text);

describe('splitting a text', () => {
	test('keeps paragraphs that fit', () => {
		expect(splitText('one\nline\n\n\ntwo', 20)).toEqual([
			{ text: 'one\nline', glue: '\n\n' },
			{ text: 'two', glue: '\n\n' }
		]);
	});

	test('cuts a long paragraph at its lines before its sentences', () => {
		expect(texts('One. Two.\nThree. Four.', 14)).toEqual(['One. Two.', 'Three. Four.']);
	});

	test('cuts a long line at its sentences', () => {
		expect(splitText('It is late. Go home! Now?', 12)).toEqual([
			{ text: 'It is late.', glue: '\n\n' },
			{ text: 'Go home!', glue: ' ' },
			{ text: 'Now?', glue: ' ' }
		]);
	});

	test('puts no space between sentences that had none', () => {
		expect(splitText('今天下雨。明天晴天。', 6)).toEqual([
			{ text: '今天下雨。', glue: '\n\n' },
			{ text: '明天晴天。', glue: '' }
		]);
	});

	test('cuts a long sentence at its words, and a long word anywhere but in a character', () => {
		expect(texts('alpha beta gamma', 6)).toEqual(['alpha', 'beta', 'gamma']);
		expect(texts('abcdefgh', 3)).toEqual(['abc', 'def', 'gh']);
		expect(texts('a🚀🚀', 2)).toEqual(['a', '🚀', '🚀']);
	});

	test('gives nothing for blank text', () => {
		expect(splitText(' \n\n \n', 10)).toEqual([]);
	});
});

describe('the end of a text', () => {
	test('begins with a sentence where one begins there', () => {
		expect(endOfText('It rained all day. The cat slept.', 20)).toBe('The cat slept.');
	});

	test('begins with a word else', () => {
		expect(endOfText('a very long sentence without end', 14)).toBe('without end');
	});

	test('is the whole text when that fits, and nothing when no word does', () => {
		expect(endOfText('short', 10)).toBe('short');
		expect(endOfText('incomprehensibilities', 5)).toBe('');
		expect(endOfText('text', 0)).toBe('');
	});
});
