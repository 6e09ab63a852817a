import type { ParsedDocument } from './parsed-document.ts';
import { SectionBuilder } from './section-builder.ts';

/** A run of text as it stands on a page. Lengths in points; y grows upwards. */
export interface TextRun {
	readonly text: string;
	readonly x: number;
	readonly y: number;
	readonly width: number;
	/** Size of the font. */
	readonly size: number;
}

interface Line {
	text: string;
	readonly y: number;
	size: number;
	/** Where the last run ends. */
	end: number;
}

/** Sections of a document of pages, each a list of runs in reading order. Bigger lines are headings. */
export function layOutPages(pages: readonly (readonly TextRun[])[]): ParsedDocument {
	const builder = new SectionBuilder();
	const linesOfPages = pages.map(joinRuns);
	const levelOf = headingLevels(linesOfPages.flat());
	for (const [index, lines] of linesOfPages.entries()) {
		builder.page(index + 1);
		for (const block of joinLines(lines)) {
			const level = block.text.length <= 200 ? levelOf(block.size) : null;
			if (level === null) builder.paragraph(block.text);
			else builder.heading(level, block.text);
		}
	}
	return { sections: builder.finish(), pages: pages.length };
}

function joinRuns(runs: readonly TextRun[]): Line[] {
	const lines: Line[] = [];
	for (const run of runs) {
		if (run.text === '') continue;
		const line = lines.at(-1);
		if (line && Math.abs(line.y - run.y) < Math.max(line.size, run.size) / 2) {
			const isApart = run.x - line.end > run.size / 5 || run.x < line.end - run.size * 2;
			line.text += (isApart ? ' ' : '') + run.text;
			line.size = Math.max(line.size, run.size);
			line.end = run.x + run.width;
		} else if (run.text.trim() !== '') {
			lines.push({ text: run.text, y: run.y, size: run.size, end: run.x + run.width });
		}
	}
	return lines.map((line) => ({ ...line, text: line.text.replaceAll(/\s+/g, ' ').trim() }));
}

/** Lines of one size that follow closely are one paragraph. */
function joinLines(lines: readonly Line[]): { text: string; size: number }[] {
	const usual = median(distances(lines).filter((distance) => distance > 0));
	const blocks: { text: string; size: number; y: number }[] = [];
	for (const line of lines) {
		const block = blocks.at(-1);
		// Headings have wider lines than the text that sets what is usual.
		const near = Math.max(usual * 1.35 + 0.5, line.size * 1.35);
		// A line higher up stands in the next column, where the paragraph may go on.
		const goesOn = block && isSameSize(block.size, line.size) && block.y - line.y <= near;
		if (goesOn) {
			block.text = joinWords(block.text, line.text);
			block.y = line.y;
		} else blocks.push({ text: line.text, size: line.size, y: line.y });
	}
	return blocks;
}

/** A word that was divided at the end of a line becomes one again. */
function joinWords(before: string, after: string): string {
	if (before.endsWith('\u00ad')) return before.slice(0, -1) + after;
	if (/\p{L}-$/u.test(before)) {
		return /^\p{Ll}/u.test(after) ? before.slice(0, -1) + after : before + after;
	}
	const unspaced = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u;
	const noSpace = unspaced.test(before.slice(-1)) && unspaced.test(after.slice(0, 1));
	return before + (noSpace ? '' : ' ') + after;
}

/** Level 1 for the biggest font, null for the size that most of the text has, and smaller ones. */
function headingLevels(lines: readonly Line[]): (size: number) => number | null {
	const characters = new Map<number, number>();
	for (const { size, text } of lines) {
		const rounded = Math.round(size);
		characters.set(rounded, (characters.get(rounded) ?? 0) + text.length);
	}
	const body = [...characters].sort((a, b) => b[1] - a[1])[0]?.[0] ?? 0;
	const bigger = [...characters.keys()].filter((size) => size >= body * 1.15).sort((a, b) => b - a);
	return (size) => {
		const place = bigger.indexOf(Math.round(size));
		return place === -1 ? null : Math.min(place + 1, 6);
	};
}

function isSameSize(a: number, b: number): boolean {
	return Math.round(a) === Math.round(b);
}

function distances(lines: readonly Line[]): number[] {
	return lines.slice(1).map((line, index) => (lines[index]?.y ?? line.y) - line.y);
}

/** The lower middle, so that of two distances the closer one is the usual one. */
function median(numbers: readonly number[]): number {
	const sorted = numbers.toSorted((a, b) => a - b);
	return sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
}
