import { describe, expect, test } from 'vitest';
import { parseMarkdown } from './markdown-parser.ts';

function textOf(markdown: string): string {
	return parseMarkdown(markdown)
		.sections.map((section) => section.text)
		.join('\n---\n');
}

describe('Markdown', () => {
	test('gives sections with their heading paths', () => {
		const { sections, pages } = parseMarkdown('# Tea\n\nHot.\n\n## Green\n\nMild.\n\nFresh.');
		expect(pages).toBeNull();
		expect(sections).toEqual([
			{ headings: ['Tea'], page: null, text: 'Hot.' },
			{ headings: ['Tea', 'Green'], page: null, text: 'Mild.\n\nFresh.' }
		]);
	});

	test('reads underlined headings and marks inside headings', () => {
		expect(parseMarkdown('The **big** `one`\n=====\n\nx').sections[0]?.headings).toEqual([
			'The big one'
		]);
	});

	test('drops marks and keeps words: emphasis, links, images, code, entities', () => {
		const text = textOf(
			'**Bold** [link](https://x.example) ![a cat](cat.png) `a<b &amp; c` R&amp;D &lt;3'
		);
		expect(text).toBe('Bold link a cat a<b &amp; c R&D <3');
	});

	test('keeps nested lists and tasks as lines', () => {
		expect(textOf('- one\n- two\n  - inner\n- [x] done')).toBe('- one\n- two\n  - inner\n- done');
	});

	test('keeps numbers of comparison and HTML inside text', () => {
		expect(textOf('if 3 < 5 then <em>fine</em>')).toBe('if 3 < 5 then fine');
		expect(textOf('<div>\n<p>block &eacute;</p>\n</div>')).toBe('block é');
	});

	test('keeps a table row by row', () => {
		expect(textOf('| A | B |\n|---|---|\n| 1 | **2** |')).toBe('A | B\n1 | 2');
	});

	test('keeps code as it is', () => {
		expect(textOf('```js\nif (a < b) {\n  go();\n}\n```')).toBe('if (a < b) {\n  go();\n}');
	});

	test('keeps quotes and the front matter as text', () => {
		expect(textOf('---\ntitle: Tea\n---\n> Said **she**.\n>\n> Twice.')).toBe(
			'title: Tea\n\nSaid she.\n\nTwice.'
		);
	});

	test('an empty file has no sections', () => {
		expect(parseMarkdown('').sections).toEqual([]);
		expect(parseMarkdown('\n---\n\n').sections).toEqual([]);
	});

	test('reads quotes nested too deep for a parser as plain text', () => {
		expect(textOf(`${'> '.repeat(20_000)}deep`)).toContain('deep');
	});

	test('reads one line of a megabyte', () => {
		expect(textOf('word '.repeat(200_000)).length).toBe(999_999);
	});
});
