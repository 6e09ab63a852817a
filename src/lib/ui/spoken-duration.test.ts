import { expect, test } from 'vitest';
import { spokenDuration } from './spoken-duration.ts';

test.each([
	[0, 'less than a second'],
	[499, 'less than a second'],
	[500, '1 s'],
	[4200, '4 s'],
	[59_499, '59 s'],
	[59_500, '1 min'],
	[125_000, '2 min 5 s'],
	[180_000, '3 min']
])('%d ms are %s', (ms, words) => {
	expect(spokenDuration(ms)).toBe(words);
});
