import { expect, test } from 'vitest';
import { retryAfter } from './retry-after.ts';

const now = Date.parse('2026-01-01T00:00:00Z');

test.each([
	['seconds', { 'retry-after': '120' }, 120],
	['a date to come', { 'retry-after': 'Thu, 01 Jan 2026 00:00:30 GMT' }, 30],
	['a date that has passed', { 'retry-after': 'Wed, 31 Dec 2025 23:00:00 GMT' }, 0],
	['something else', { 'retry-after': 'soon' }, undefined],
	['the reset of a rate limit', { ratelimit: '"resolvers";r=0;t=42' }, 42],
	['a rate limit without a reset', { ratelimit: '"resolvers";r=0' }, undefined],
	['nothing', {}, undefined]
])('%s', (_, headers, seconds) => {
	expect(retryAfter(new Headers(headers as Record<string, string>), now)).toBe(seconds);
});
