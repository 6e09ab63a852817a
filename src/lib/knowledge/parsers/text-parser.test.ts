import { expect, test } from 'vitest';
import { parseText } from './text-parser.ts';

test('keeps lines, and parts paragraphs at blank lines and form feeds', () => {
	expect(parseText('one\nline\n \t\ntwo\fthree\n').sections).toEqual([
		{ headings: [], page: null, text: 'one\nline\n\ntwo\n\nthree' }
	]);
});

test('an empty text has no sections', () => {
	expect(parseText(' \n\n').sections).toEqual([]);
});
