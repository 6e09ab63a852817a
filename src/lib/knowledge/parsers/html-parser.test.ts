import { describe, expect, test } from 'vitest';
import { htmlToText, parseHtml } from './html-parser.ts';

function textOf(html: string): string {
	return parseHtml(html)
		.sections.map((section) => section.text)
		.join('\n---\n');
}

describe('HTML', () => {
	test('gives sections under the title and the headings', () => {
		const { sections } = parseHtml(
			'<title>Tea &amp; more</title><h1>Tea</h1><p>Hot.<h2>Green</h2><p>Mild.<p>Fresh.'
		);
		expect(sections).toEqual([
			{ headings: ['Tea & more', 'Tea'], page: null, text: 'Hot.' },
			{ headings: ['Tea & more', 'Tea', 'Green'], page: null, text: 'Mild.\n\nFresh.' }
		]);
	});

	test('names a page once when its first heading repeats the title', () => {
		const { sections } = parseHtml('<title>Tea</title><h1> Tea </h1><p>Hot.');
		expect(sections).toEqual([{ headings: ['Tea'], page: null, text: 'Hot.' }]);
	});

	test('leaves out what no reader sees', () => {
		const html =
			'<head><style>b{}</style></head><nav>Home<div>About</div></nav><script>if (a<b) x()</script>' +
			'<noscript>no</noscript><svg><title>icon</title></svg><p>Text</p><!-- note -->';
		expect(parseHtml(html).sections).toEqual([{ headings: [], page: null, text: 'Text' }]);
	});

	test('joins words that only inline marks part, and parts blocks', () => {
		expect(textOf('<p>un<b>break</b>able\n   <i>word</i><div>one<div>two</div>three</div>')).toBe(
			'unbreakable word\n\none\n\ntwo\n\nthree'
		);
	});

	test('decodes entities', () => {
		expect(textOf('<p>&eacute;&#8364;&lt;tag&gt;&nbsp;x')).toBe('é€<tag> x');
	});

	test('keeps lists, line breaks and table rows as lines', () => {
		expect(textOf('<ul><li>one<li>two</ul>')).toBe('- one\n- two');
		expect(textOf('<p>a<br>b')).toBe('a\nb');
		expect(textOf('<table><tr><th>A<th>B<tr><td>1<td>2</table>')).toBe('A | B\n1 | 2');
	});

	test('keeps preformatted text as it is', () => {
		expect(textOf('<pre>if x:\n  go()\n</pre>')).toBe('if x:\n  go()');
	});

	test('survives elements nested thousands deep, and refuses more than that', () => {
		expect(textOf(`${'<div>'.repeat(9000)}deep`)).toBe('deep');
		expect(() => parseHtml('<div>'.repeat(1_000_000))).toThrow('nested too deeply');
	});

	test('reads a broken page to its end', () => {
		expect(textOf('<html><head><body><p>one<table><td>two</p></b><p>thr')).toBe(
			'one\n\ntwo\n\nthr'
		);
	});

	test('an empty page has no sections', () => {
		expect(parseHtml('<html><body> \n </body></html>').sections).toEqual([]);
	});

	test('a fragment gives its bare text', () => {
		expect(htmlToText('a <b>b</b> &amp; c')).toBe('a b & c');
	});
});
