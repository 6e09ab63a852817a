import { describe, expect, it } from 'vitest';
import { cutTokens } from './cut-tokens.ts';

const specials = [101, 102];

describe('cutTokens', () => {
	it('leaves a text alone that fits, and every text where there is no limit', () => {
		expect(cutTokens([101, 7, 102], 3, specials)).toEqual([101, 7, 102]);
		expect(cutTokens([101, 7, 102], null, specials)).toEqual([101, 7, 102]);
	});

	it('keeps the closing token of a text that it cuts', () => {
		expect(cutTokens([101, 7, 8, 9, 102], 3, specials)).toEqual([101, 7, 102]);
	});

	it('just cuts where the text has no closing token', () => {
		expect(cutTokens([7, 8, 9], 2, specials)).toEqual([7, 8]);
	});
});
