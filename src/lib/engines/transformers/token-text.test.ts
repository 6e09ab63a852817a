import { describe, expect, it } from 'vitest';
import { TokenText } from './token-text.ts';

const none = new Set<number>();

/** Tokens are bytes of UTF-8. */
const bytes = (tokens: readonly number[]): string =>
	new TextDecoder().decode(Uint8Array.from(tokens));

/** Tokens are words; as SentencePiece does, the first word of a text has no space before it. */
const words = (tokens: readonly number[]): string =>
	tokens.map((token) => `word${token}`).join(' ');

function pieces(text: TokenText, tokens: Iterable<number>): string[] {
	return [...Array.from(tokens, (token) => text.push(token)), text.end()];
}

describe('TokenText', () => {
	it('gives each token its text at once', () => {
		expect(pieces(new TokenText(bytes, none), new TextEncoder().encode('a b'))).toEqual([
			...['a', ' ', 'b', '']
		]);
	});

	it('keeps a character together that comes in several tokens', () => {
		const made = pieces(new TokenText(bytes, none), new TextEncoder().encode('é😀!'));
		expect(made).toEqual(['', 'é', '', '', '', '😀', '!', '']);
	});

	it('keeps the space between words, which belongs to neither', () => {
		const made = pieces(new TokenText(words, none), [1, 2, 3]);
		expect(made).toEqual(['word1', ' word2', ' word3', '']);
	});

	it('never writes hidden tokens, not even within a character', () => {
		const text = new TokenText(bytes, new Set([256, 257]));
		expect(pieces(text, [256, 0xc3, 257, 0xa9, 257])).toEqual(['', '', '', 'é', '', '']);
	});

	it('ends with what is incomplete, if the answer does', () => {
		expect(pieces(new TokenText(bytes, none), [0x61, 0xc3])).toEqual(['a', '', '\ufffd']);
	});

	it('says nothing of nothing', () => {
		expect(new TokenText(bytes, none).end()).toBe('');
	});

	it('decodes a few tokens each time, however long the answer', () => {
		let longest = 0;
		const text = new TokenText((tokens) => {
			longest = Math.max(longest, tokens.length);
			return bytes(tokens);
		}, none);
		expect(pieces(text, new Array<number>(1000).fill(0x61)).join('')).toHaveLength(1000);
		expect(longest).toBe(2);
	});
});
