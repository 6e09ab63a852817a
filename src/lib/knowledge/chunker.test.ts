import { describe, expect, test } from 'vitest';
import { chunkSections } from './chunker.ts';
import { type ChunkerSpec, defaultChunker } from './index-spec.ts';
import type { Section } from './knowledge-records.ts';
import { seededRandom } from './seeded-random.ts';

const spec = (size: number, overlap = 0): ChunkerSpec => ({ ...defaultChunker, size, overlap });
const section = (text: string, headings: string[] = [], page: number | null = null): Section => ({
	headings,
	page,
	text
});

describe('chunks', () => {
	test('carry the headings, the page and a running number', () => {
		const chunks = chunkSections([section('one', ['A']), section('two', ['A', 'B'], 3)], spec(100));
		expect(chunks).toEqual([
			{ ordinal: 0, text: 'one', headings: ['A'], page: null },
			{ ordinal: 1, text: 'two', headings: ['A', 'B'], page: 3 }
		]);
	});

	test('hold as many paragraphs as fit', () => {
		const chunks = chunkSections([section('aaaa\n\nbbbb\n\ncccc')], spec(10));
		expect(chunks.map((chunk) => chunk.text)).toEqual(['aaaa\n\nbbbb', 'cccc']);
	});

	test('begin with the end of the chunk before, within one section only', () => {
		const text = 'The cat sleeps. The dog barks.\n\nThe owl hoots in the night.';
		const chunks = chunkSections([section(text), section('Another section.')], spec(45, 16));
		expect(chunks.map((chunk) => chunk.text)).toEqual([
			'The cat sleeps. The dog barks.',
			'The dog barks.\n\nThe owl hoots in the night.',
			'Another section.'
		]);
	});

	test('are none for no text', () => {
		expect(chunkSections([], defaultChunker)).toEqual([]);
		expect(chunkSections([section(' \n\n ')], defaultChunker)).toEqual([]);
	});
});

/** Sentences, lines, paragraphs, long words, emoji and Chinese, in a random mix. */
function randomText(random: () => number): string {
	const pick = (items: readonly string[]): string =>
		items[Math.floor(random() * items.length)] ?? '';
	let text = '';
	for (let words = Math.floor(random() * 400); words > 0; words--) {
		text += pick(['tea', 'mountain', 'x'.repeat(60), '🚀🚀', '今天下雨。', 'e\u0301t\u00e9', '42']);
		text += pick([' ', ' ', ' ', '. ', '! ', '\n', '\n\n', ' \n \n']);
	}
	return text;
}

describe.each(Array.from({ length: 40 }, (_, seed) => seed))('any text (seed %i)', (seed) => {
	const random = seededRandom(seed);
	const size = 20 + Math.floor(random() * 300);
	const overlap = Math.floor((random() * size) / 3);
	const text = randomText(random);

	test('is cut into chunks that are not too long and never blank', () => {
		const chunks = chunkSections([section(text)], spec(size, overlap));
		const lengths = chunks.map((chunk) => chunk.text.length);
		expect(Math.max(0, ...lengths)).toBeLessThanOrEqual(size);
		expect(chunks.every((chunk) => chunk.text.trim() === chunk.text && chunk.text !== '')).toBe(
			true
		);
	});

	test('loses and moves no visible character', () => {
		const chunks = chunkSections([section(text)], spec(size, 0));
		expect(visible(chunks.map((chunk) => chunk.text).join(''))).toBe(visible(text));
	});

	test('is found whole with overlap too: each chunk goes on where the one before ended', () => {
		const whole = visible(text);
		let covered = 0;
		for (const chunk of chunkSections([section(text)], spec(size, overlap))) {
			const shown = visible(chunk.text);
			const start = [...Array(overlap + 1).keys()].find(
				(back) => back <= covered && whole.startsWith(shown, covered - back) && back < shown.length
			);
			expect(start).toBeDefined();
			covered += shown.length - (start ?? 0);
		}
		expect(covered).toBe(whole.length);
	});

	test('is cut the same way every time', () => {
		const once = chunkSections([section(text)], spec(size, overlap));
		expect(chunkSections([section(text)], spec(size, overlap))).toEqual(once);
	});
});

function visible(text: string): string {
	return text.replaceAll(/\s+/g, '');
}
