import { expect, test } from 'vitest';
import { decodeText } from './decode-text.ts';

test('reads UTF-8, with or without a byte order mark', () => {
	const bytes = new TextEncoder().encode('Grüße 🚀');
	expect(decodeText(bytes)).toBe('Grüße 🚀');
	expect(decodeText(Uint8Array.of(0xef, 0xbb, 0xbf, ...bytes))).toBe('Grüße 🚀');
});

test('reads UTF-16 in both byte orders by its mark', () => {
	expect(decodeText(Uint8Array.of(0xff, 0xfe, 0x48, 0, 0xe9, 0))).toBe('Hé');
	expect(decodeText(Uint8Array.of(0xfe, 0xff, 0, 0x48, 0, 0xe9))).toBe('Hé');
});

test('falls back to windows-1252, or to what the file declares', () => {
	const bytes = Uint8Array.of(0x93, 0x63, 0x61, 0x66, 0xe9, 0x94);
	expect(decodeText(bytes)).toBe('“café”');
	expect(decodeText(Uint8Array.of(0xcf, 0xf0), 'windows-1251')).toBe('Пр');
	expect(decodeText(Uint8Array.of(0xe9), 'no-such-encoding')).toBe('é');
});

test('makes all line ends one and drops NUL characters', () => {
	expect(decodeText(new TextEncoder().encode('a\r\nb\rc\nd\0e'))).toBe('a\nb\nc\nde');
});
