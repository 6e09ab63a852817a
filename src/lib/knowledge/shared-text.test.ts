import { expect, test } from 'vitest';
import { SharedText } from './shared-text.ts';

const words = (from: number, to: number): string =>
	Array.from({ length: to - from }, (_, at) => `word${from + at}`).join(' ');

test('finds texts that share half of the shorter of the two', () => {
	// Runs of three: 18 in the first, 8 in each of the others, of which 8, 4, 3 and 0 are common.
	const texts = new SharedText([words(5, 15), words(14, 24), words(15, 25), words(50, 60)]);
	expect(texts.like(words(0, 20))).toEqual([0, 1]);
});

test('finds the long text that has a short one in it, and the other way round', () => {
	const part = words(3, 9);
	expect(new SharedText([words(0, 100)]).like(part)).toEqual([0]);
	expect(new SharedText([part]).like(words(0, 100))).toEqual([0]);
});

test('does not take the same words in another order for the same text', () => {
	const turned = words(0, 12).split(' ').reverse().join(' ');
	expect(new SharedText([turned]).like(words(0, 12))).toEqual([]);
});

test('looks past case, accents, punctuation and line ends', () => {
	expect(new SharedText(['Der Café—\nist ZU, heute.']).like('der cafe ist zu heute')).toEqual([0]);
});

test('finds texts of a word or two by whole words', () => {
	const texts = new SharedText(['Green tea', 'Steamed green tea leaves', 'Evergreen teams', '!']);
	expect(texts.like('green tea')).toEqual([0, 1]);
	expect(new SharedText(['tea']).like('A cup of tea, please')).toEqual([0]);
});

test('of texts without words there is none', () => {
	expect(new SharedText(['***', 'tea']).like('---')).toEqual([]);
	expect(new SharedText([]).like('tea')).toEqual([]);
});

test('counts what is repeated once', () => {
	const refrain = 'row row row your boat ';
	expect(new SharedText([refrain.repeat(20)]).like(refrain)).toEqual([0]);
	expect(new SharedText([`${refrain.repeat(20)}${words(0, 40)}`]).like(words(20, 60))).toEqual([]);
});
