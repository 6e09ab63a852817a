import { expect, test } from 'vitest';
import { isPlainText, plainText } from './plain-text.ts';

test.each(['Pirate 7', 'dossier/été', 'قرصان', 'שודד ים', '日本語', '🏴‍☠️', 'a\u200eb', ''])(
	'%s stays as it is',
	(text) => {
		expect([isPlainText(text), plainText(text)]).toEqual([true, text]);
	}
);

test.each([
	['a bidi override', 'safe\u202etxt.exe', 'safe txt.exe'],
	['an isolate', '\u2066Pirate\u2069', 'Pirate'],
	['an end of a line', 'two\r\nlines', 'two lines'],
	['a paragraph separator', 'two\u2029lines', 'two lines'],
	['a NUL and an escape', 'a\u0000\u001b[31mb', 'a [31mb'],
	['nothing else', '\u0007\u0008', '']
])('%s is left out', (_, text, plain) => {
	expect([isPlainText(text), plainText(text)]).toEqual([false, plain]);
});
