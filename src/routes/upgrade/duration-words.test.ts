import { expect, test } from 'vitest';
import { durationRange } from './duration-words.ts';

test.each([
	[0, 0, 'about 1 s'],
	[10, 40, '10 s to 40 s'],
	[60, 120, '60 s to 2 min'],
	[600, 601, 'about 10 min'],
	[3600, 7200, '60 min to 2.0 h']
])('%d to %d seconds read as %s', (low, high, words) => {
	expect(durationRange({ low, high })).toBe(words);
});
