import { describe, expect, test } from 'vitest';
import { stemWord } from './stem-word.ts';

/** Words of one row are one word to a person who searches. */
const families = [
	['manage', 'manages', 'managed', 'managing', 'management', 'manager'],
	['refund', 'refunds', 'refunded', 'refunding'],
	['terminate', 'terminated', 'termination', 'terminating'],
	['study', 'studies', 'studied', 'studying'],
	['stop', 'stopped', 'stopping', 'stops'],
	['dark', 'darkness', 'darker'],
	['box', 'boxes'],
	['glacier', 'glaciers'],
	['slow', 'slowly', 'slower'],
	['activate', 'activates', 'activated', 'activating', 'activation']
];

describe('stemWord', () => {
	test.each(families)('%s and its forms share a stem', (...forms) => {
		expect(new Set(forms.map(stemWord)).size).toBe(1);
	});

	test('words of different families keep different stems', () => {
		const stems = families.map(([word = '']) => stemWord(word));
		expect(new Set(stems).size).toBe(families.length);
	});

	test.each(['bus', 'gas', 'this', 'analysis', 'glass'])('%s is no plural', (word) => {
		expect(stemWord(word).at(-1)).toBe('s');
	});

	test.each(['', 'a', 'ing', 'red', 'sing', 'bring', '2024', 'q4f16', '語'])(
		'%j is too short or no plain word, and stays as it is',
		(word) => {
			expect(stemWord(word)).toBe(word);
		}
	);
});
