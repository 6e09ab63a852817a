import { describe, expect, test } from 'vitest';
import type { DocumentId } from '../core/ids.ts';
import type { Citation } from './chat-records.ts';
import { renderAnswer } from './render-markdown.ts';
import { sanitiseHtml } from './sanitise-html.ts';

const citation: Citation = {
	n: 1,
	documentId: 'doc' as DocumentId,
	ordinal: 0,
	documentName: 'x" onmouseover="alert(1)',
	headings: [],
	page: null,
	text: ''
};

function domOf(html: string): HTMLElement {
	const root = document.createElement('div');
	root.innerHTML = html;
	return root;
}

const render = (answer: string): HTMLElement =>
	domOf(renderAnswer(answer, [citation], () => '/memory/knowledge#c1'));

/** Everything in the tree that could run, load, or leave by itself. */
function dangers(root: HTMLElement): string[] {
	return [...root.querySelectorAll('*')].flatMap((element) => {
		const bad =
			/^(script|iframe|object|embed|img|svg|math|video|audio|form|input|style|link|base)$/;
		const found = bad.test(element.localName) ? [element.localName] : [];
		for (const { name, value } of element.attributes) {
			if (name.startsWith('on') || name === 'style' || name === 'src' || name === 'srcset')
				found.push(name);
			if (name === 'href' && !/^(https?:|mailto:|\/memory\/)/.test(value)) found.push(value);
		}
		return found;
	});
}

const attacks = [
	'<script>alert(1)</script>',
	'<img src=x onerror=alert(1)>',
	'<svg onload=alert(1)><script>alert(1)</script></svg>',
	'<iframe srcdoc="<script>alert(1)</script>"></iframe>',
	'<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>',
	'<a href="javascript:alert(1)">x</a>',
	'<pre><img src=x onerror=alert(1)></pre>',
	'<code><script>alert(1)',
	'<!--><img src=x onerror=alert(1)>-->',
	'<style>@import "https://evil.test/x.css"</style>',
	'<form action="https://evil.test"><input name=a></form>',
	'[x](javascript:alert(1))',
	'[x](JaVaScRiPt:alert(1))',
	'[x](&#106;avascript:alert(1))',
	'[x](data:text/html;base64,PHNjcmlwdD4=)',
	'[x](vbscript:msgbox)',
	'[x](//evil.test)',
	'[x](https://ok.test "a\\" onclick=alert(1) x=\\"")',
	'<javascript:alert(1)>',
	'![x](https://evil.test/track.png)',
	'![x" onerror="alert(1)](x)',
	'[![x](https://evil.test/a.png)](https://ok.test)',
	'```"><img src=x onerror=alert(1)>\ncode\n```',
	'`<img src=x onerror=alert(1)>`',
	'| <img src=x onerror=alert(1)> |\n|---|\n| a |',
	'[1]: javascript:alert(1)\n\n[x][1]',
	'So [1].'
];

describe('an answer cannot run or load anything', () => {
	test.each(attacks)('%s', (attack) => {
		expect(dangers(render(attack))).toEqual([]);
	});

	test('nor can HTML that gets past the Markdown', () => {
		const html = attacks.join('') + '<a href="//evil.test" style="x">x</a><p id=a data-b=c>';
		const root = domOf(sanitiseHtml(html));
		expect(dangers(root)).toEqual([]);
		expect(root.querySelector('[id], [data-b]')).toBeNull();
	});
});

describe('what belongs to an answer stays', () => {
	test('a citation leads to its source and keeps its name', () => {
		const link = render('So [1].').querySelector('a');
		expect(link?.className).toBe('citation');
		expect(link?.getAttribute('href')).toBe('/memory/knowledge#c1');
		expect(link?.getAttribute('aria-label')).toBe('Source 1: x" onmouseover="alert(1)');
		expect(link?.textContent).toBe('[1]');
	});

	test('a link leads out in a new tab that knows nothing of this one', () => {
		const link = render('[a](https://example.org/?a=1&b=2)').querySelector('a');
		expect(link?.href).toBe('https://example.org/?a=1&b=2');
		expect(link?.target).toBe('_blank');
		expect(link?.rel).toBe('noopener noreferrer');
	});

	test('raw HTML can be read', () => {
		expect(render('Use `<b>` or <script>.').textContent.trim()).toBe('Use <b> or <script>.');
	});

	test('tables, lists, headings and code', () => {
		const root = render('# T\n\n1. a\n\n| a |\n|:-:|\n| b |\n\n```js\nx\n```');
		for (const selector of ['h3', 'ol > li', 'td[align=center]', 'pre > code.language-js'])
			expect(root.querySelector(selector)).not.toBeNull();
	});
});
