import { marked } from 'marked';
import { expect, test } from 'vitest';
import { escapeMarkdown } from './escape-markdown.ts';

test.each([
	'const data = new Uint8Array([1, 2, 3]);',
	'a *star* and an _underscore_ and `code` and a \\ backslash',
	'see [the page](https://example.com) and ![an image](x.png)',
	'1. is no list here',
	'- nor here',
	'# nor is this a heading',
	'a | b | c ~~gone~~ <b>bold</b> &amp;'
])('shows "%s" as it was written', async (text) => {
	const html = await marked.parse(escapeMarkdown(text));
	const shown = html
		.replace(/<\/?p>\s*/g, '')
		.replace(/<a href[^>]*>|<\/a>/g, '')
		.replaceAll('&lt;', '<')
		.replaceAll('&gt;', '>')
		.replaceAll('&quot;', '"')
		.replaceAll('&#39;', "'")
		.replaceAll('&amp;', '&');
	expect(shown).toBe(text);
});

test('leaves ordinary sentences alone', () => {
	const text = 'The fee is 20 cents a day (at most ten euros), isn’t it?';
	expect(escapeMarkdown(text)).toBe(text);
});
