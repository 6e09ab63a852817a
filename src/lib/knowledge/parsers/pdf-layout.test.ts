import { describe, expect, test } from 'vitest';
import { layOutPages, type TextRun } from './pdf-layout.ts';

/** Lines of 12 points below one another; a number is a gap in points. */
function page(...lines: (string | number | { text: string; size: number })[]): TextRun[] {
	let y = 700;
	return lines.flatMap((line): TextRun[] => {
		if (typeof line === 'number') {
			y -= line;
			return [];
		}
		const { text, size } = typeof line === 'string' ? { text: line, size: 12 } : line;
		y -= size * 1.2;
		return [{ text, x: 72, y, width: text.length * 6, size }];
	});
}

const textOf = (...lines: Parameters<typeof page>): string | undefined =>
	layOutPages([page(...lines)]).sections[0]?.text;

describe('the layout of a PDF page', () => {
	test('joins lines into paragraphs, and parts paragraphs at gaps', () => {
		expect(textOf('one', 'two', 'three', 12, 'four', 'five')).toBe('one two three\n\nfour five');
	});

	test('joins the runs of a line, with a space where there is a gap', () => {
		const run = (text: string, x: number, width: number): TextRun => ({
			text,
			x,
			y: 700,
			width,
			size: 12
		});
		const runs = [run('Hel', 72, 18), run('lo', 90, 12), run('world', 108, 30)];
		expect(layOutPages([runs]).sections[0]?.text).toBe('Hello world');
	});

	test('mends words divided at the end of a line, and keeps real hyphens', () => {
		expect(textOf('an inter-', 'national plan')).toBe('an international plan');
		expect(textOf('the Anglo-', 'Saxon era')).toBe('the Anglo-Saxon era');
		expect(textOf('soft\u00ad', 'ware')).toBe('software');
	});

	test('puts no space between lines of Chinese', () => {
		expect(textOf('今天下', '雨了')).toBe('今天下雨了');
	});

	test('takes bigger lines as headings, by size', () => {
		const body = 'body text that is the most of it';
		const { sections } = layOutPages([
			page(
				{ text: 'Title', size: 24 },
				body,
				{ text: 'Part', size: 16 },
				body,
				{ text: 'Next part', size: 16 },
				body
			)
		]);
		expect(sections.map((section) => section.headings)).toEqual([
			['Title'],
			['Title', 'Part'],
			['Title', 'Next part']
		]);
	});

	test('joins a heading that takes two lines', () => {
		const body = ['body text that is the most of it', 'and its second line', 'and its third'];
		const title = [
			{ text: 'A long title of', size: 24 },
			{ text: 'two lines', size: 24 }
		];
		const { sections } = layOutPages([page(...title, 10, ...body, 10, ...body)]);
		expect(sections.map(({ headings }) => headings)).toEqual([['A long title of two lines']]);
	});

	test('goes on over columns and numbers pages from 1', () => {
		const left = page('the left', 'column goes');
		const right = page('on at the', 'right').map((run) => ({ ...run, x: 320 }));
		const { sections, pages } = layOutPages([[], [...left, ...right]]);
		expect(pages).toBe(2);
		expect(sections).toEqual([
			{ headings: [], page: 2, text: 'the left column goes on at the right' }
		]);
	});

	test('an empty document has no sections', () => {
		expect(layOutPages([[], []])).toEqual({ sections: [], pages: 2 });
	});
});
