import { describe, expect, test } from 'vitest';
import { isCommonWord, wordWeight } from './common-words.ts';
import { foldWord } from './fold-word.ts';
import { splitCompound } from './split-compound.ts';
import { splitWords } from './split-words.ts';
import { termsOf } from './terms.ts';

describe('splitWords', () => {
	test('takes runs of letters and digits as they are written', () => {
		expect(splitWords('Call flushJournal() in v2.1, über-all!')).toEqual([
			'Call',
			'flushJournal',
			'in',
			'v2',
			'1',
			'über',
			'all'
		]);
	});

	test('takes neighbouring characters where words are not spaced', () => {
		expect(splitWords('東京都 is 水')).toEqual(['東京', '京都', 'is', '水']);
	});

	test('does not care how a letter with an accent is encoded', () => {
		expect(splitWords('cafe\u0301')).toEqual(splitWords('caf\u00e9'));
	});

	test('finds no words where there are none', () => {
		expect(splitWords(' …?! \n')).toEqual([]);
	});
});

describe('foldWord', () => {
	test.each([
		['Überprüfung', 'uberprufung'],
		['Straße', 'strasse'],
		['ÉTÉ', 'ete'],
		['smørrebrød', 'smorrebrod'],
		['Привет', 'привет']
	])('makes %s %s', (word, folded) => {
		expect(foldWord(word)).toBe(folded);
	});
});

describe('splitCompound', () => {
	test('takes an identifier apart at its humps', () => {
		expect(splitCompound('flushJournalV2')).toEqual(['flush', 'Journal', 'V', '2']);
	});

	test('keeps an abbreviation within a name together', () => {
		expect(splitCompound('parseHTMLPage')).toEqual(['parse', 'HTML', 'Page']);
	});

	test('offers the ends of a long word, the real parts among them', () => {
		const parts = splitCompound('Datenbankverbindung');
		expect(parts).toContain('Datenbank');
		expect(parts).toContain('verbindung');
		expect(Math.min(...parts.map((part) => part.length))).toBe(4);
	});

	test('leaves short words whole', () => {
		expect(splitCompound('journal')).toEqual([]);
	});
});

describe('wordWeight', () => {
	test('the commonest words say next to nothing, common ones little, rare ones most', () => {
		expect(wordWeight('the')).toBeLessThan(0.05);
		expect(wordWeight('number')).toBeGreaterThan(wordWeight('the'));
		expect(wordWeight('warranty')).toBeGreaterThan(2 * wordWeight('number'));
		expect(wordWeight('immunoglobulin')).toBeGreaterThan(wordWeight('kiwi'));
	});

	test.each(['und', 'les', 'donde', 'über'])('%s is common in its own language', (word) => {
		expect(isCommonWord(word)).toBe(true);
	});

	test.each(['warranty', 'rose', '1987', '東京'])('%s is not common', (word) => {
		expect(isCommonWord(word)).toBe(false);
	});
});

describe('termsOf', () => {
	test('keeps what a question is about, each once and whatever its form', () => {
		const stems = termsOf('What do the warranties cover, and is a warranty long?').map(
			({ stem }) => stem
		);
		expect(stems).toHaveLength(2);
		expect(stems).toEqual(termsOf('warranty covers').map(({ stem }) => stem));
	});

	test('finds nothing in a question without content', () => {
		expect(termsOf('What is this and why?')).toEqual([]);
	});
});
