import { expect, test } from 'vitest';
import { estimateTokens } from './estimate-tokens.ts';

test.each([
	['', 0],
	['a', 1],
	['seven c', 2],
	['The quick brown fox jumps over the lazy dog.', 13],
	['我喜欢读书', 5],
	['한국어 책', 5],
	['🙂🙂', 4]
])('%j is at most %i tokens', (text, tokens) => {
	expect(estimateTokens(text)).toBe(tokens);
});
