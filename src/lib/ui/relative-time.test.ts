import { expect, test } from 'vitest';
import { relativeTime } from './relative-time.ts';

const now = Date.UTC(2026, 10, 22, 12);
const minute = 60_000;

test.for([
	[-20_000, 'just now'],
	[20_000, 'just now'],
	[-minute, '1 minute ago'],
	[-59 * minute, '59 minutes ago'],
	[-3 * 60 * minute, '3 hours ago'],
	[-24 * 60 * minute, 'yesterday'],
	[6 * 24 * 60 * minute, 'in 6 days'],
	[-20 * 24 * 60 * minute, '2 weeks ago'],
	[-400 * 24 * 60 * minute, 'last year']
] as const)('%i ms from now is "%s"', ([distance, words]) => {
	expect(relativeTime(now + distance, now)).toBe(words);
});
