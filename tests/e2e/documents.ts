import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BrowserContext } from '@playwright/test';
import { contentWords } from '../fixtures/tiny-models/word-list.ts';

const folder = join(import.meta.dirname, '..', 'fixtures', 'documents');

/** A file as `setInputFiles` takes it. */
export interface TestFile {
	readonly name: string;
	readonly mimeType: string;
	readonly buffer: Buffer;
}

export const markdownFile = fixture('beekeeping-notes.md', 'text/markdown');
export const htmlFile = fixture('city-library.html', 'text/html');

/** A PDF as browsers print it: several pages, embedded fonts. */
export async function pdfFile(context: BrowserContext): Promise<TestFile> {
	const page = await context.newPage();
	await page.setContent(readFileSync(join(folder, 'boiler-manual.html'), 'utf8'));
	const buffer = await page.pdf({ format: 'A5' });
	await page.close();
	return { name: 'boiler-manual.pdf', mimeType: 'application/pdf', buffer };
}

export function textFile(name: string, text: string): TestFile {
	return { name, mimeType: 'text/plain', buffer: Buffer.from(text) };
}

/** Many short passages that no two share a text, so that re-embedding takes a while. */
export function longFile(passages: number): TestFile {
	const paragraphs = Array.from({ length: passages }, (_, i) => {
		const number = `entry ${i} of the ledger`;
		return `## Entry ${i}\n\nThe ${number} lists ${i * 3} crates of apples and ${i * 7} sacks of flour, weighed on day ${i} of the harvest and stored in barn ${i % 9}.`;
	});
	return textFile('ledger.md', `# Ledger\n\n${paragraphs.join('\n\n')}`);
}

/** Many short passages of words that the generated models tell apart: a search for one of them finds it. */
export function wordyFile(name: string, passages: number, seed = 1): TestFile {
	const random = evenRandom(seed);
	const word = (): string => contentWords[Math.floor(random() * contentWords.length)] ?? '';
	const paragraphs = Array.from({ length: passages }, (_, i) => {
		const words = Array.from({ length: 24 }, word).join(' ');
		return `## Page ${seed}-${i}\n\nOn this page of the almanac stand ${words}.`;
	});
	return textFile(name, `# Almanac\n\n${paragraphs.join('\n\n')}`);
}

/** Numbers from 0 up to 1, the same ones for the same seed. */
export function evenRandom(seed: number): () => number {
	let state = seed >>> 0;
	return () => {
		state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
		return state / 2 ** 32;
	};
}

function fixture(name: string, mimeType: string): TestFile {
	return { name, mimeType, buffer: readFileSync(join(folder, name)) };
}
