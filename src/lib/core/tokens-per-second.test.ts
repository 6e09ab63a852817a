import { expect, test } from 'vitest';
import { tokensPerSecond } from './tokens-per-second.ts';

test.each([
	[11, 100, 1100, 10],
	[1, 100, 1100, null],
	[11, 100, 100, null]
])(
	'%d tokens, the first after %d ms, all after %d ms: %s a second',
	(count, first, total, rate) => {
		const usage = { promptTokens: 5, completionTokens: count, firstTokenMs: first, totalMs: total };
		expect(tokensPerSecond(usage)).toBe(rate);
	}
);
