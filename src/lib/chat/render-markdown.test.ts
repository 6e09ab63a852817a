import { describe, expect, test } from 'vitest';
import type { DocumentId } from '../core/ids.ts';
import type { Citation } from './chat-records.ts';
import { renderAnswer } from './render-markdown.ts';
import { sanitiseHtml } from './sanitise-html.ts';

const citations: Citation[] = [1, 2].map((n) => ({
	n,
	documentId: 'doc' as DocumentId,
	ordinal: n,
	documentName: n === 1 ? 'Notes.pdf' : '"A" & <B>.md',
	headings: [],
	page: null,
	text: 'text'
}));
const render = (answer: string): string =>
	renderAnswer(
		answer,
		citations,
		({ n }) => `/memory/knowledge?n=${n}&x`,
		(html) => html
	).trim();

describe('citations', () => {
	test('are links that name their source', () => {
		expect(render('So [1].')).toBe(
			'<p>So <a class="citation" href="/memory/knowledge?n=1&amp;x" aria-label="Source 1: Notes.pdf">[1]</a>.</p>'
		);
	});

	test('in one mark are links of their own, and unknown numbers stay text', () => {
		const html = render('So [1, 7][2].');
		expect(html.match(/<a class="citation"/g)).toHaveLength(2);
		expect(html).toContain('[1]</a>[7]<a');
	});

	test('may come from documents with any name', () => {
		expect(render('So [2].')).toContain('aria-label="Source 2: &quot;A&quot; &amp; &lt;B&gt;.md"');
	});

	test('are not looked for in code', () => {
		expect(render('`a[1]`')).toBe('<p><code>a[1]</code></p>');
	});
});

describe('Markdown', () => {
	test.each([
		['**a** *b* ~~c~~', '<p><strong>a</strong> <em>b</em> <del>c</del></p>'],
		['# Title', '<h3>Title</h3>'],
		['- [x] done', '<ul>\n<li>☑ done</li>\n</ul>'],
		['```js\na < b\n```', '<pre><code class="language-js">a &lt; b\n</code></pre>'],
		[
			'[a](https://example.org)',
			'<p><a href="https://example.org" target="_blank" rel="noopener noreferrer">a</a></p>'
		],
		['![a picture](https://evil.test/p.png)', '<p>a picture</p>'],
		['<b>bold</b>', '<p>&lt;b&gt;bold&lt;/b&gt;</p>'],
		['[a](javascript:alert(1))', '<p>a</p>'],
		['[a](/settings)', '<p>a</p>']
	])('%j', (answer, html) => {
		expect(render(answer)).toBe(html);
	});

	test('has tables', () => {
		expect(render('| a | b |\n|---|--:|\n| 1 | 2 |')).toContain('<td align="right">2</td>');
	});
});

test('without a page there is no sanitising, and so no HTML', () => {
	expect(() => sanitiseHtml('<p>a</p>')).toThrow(expect.objectContaining({ code: 'bug' }));
});
