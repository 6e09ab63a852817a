import { describe, expect, test } from 'vitest';
import { pdfText, tinyPdf } from '../testing/tiny-pdf.ts';
import type { ParsedDocument } from './parsers/parsed-document.ts';
import { kindOf, largestDocument, loadFile, readDocument } from './read-document.ts';

async function read(file: File): Promise<ParsedDocument> {
	const loaded = await loadFile(file);
	return await readDocument(loaded, kindOf(loaded), null);
}

const firstText = async (file: File): Promise<string | undefined> =>
	(await read(file)).sections[0]?.text;

describe('reading a file', () => {
	test.each([
		['a.md', '# A\n\nowl'],
		['a.txt', 'owl'],
		['a.html', '<p>owl'],
		['a.csv', 'owl']
	])('%s', async (name, content) => {
		expect(await firstText(new File([content], name))).toBe('owl');
	});

	test('a PDF', async () => {
		expect(await firstText(new File([tinyPdf([pdfText(['owl'])])], 'a.pdf'))).toBe('owl');
	});

	test('a page in the encoding that it declares', async () => {
		const head = new TextEncoder().encode('<meta charset="windows-1251"><p>');
		expect(await firstText(new File([head, Uint8Array.of(0xcf, 0xf0)], 'a.html'))).toBe('Пр');
	});
});

describe('a file that cannot be read', () => {
	const tooLarge = Object.defineProperty(new File(['x'], 'big.txt'), 'size', {
		value: largestDocument + 1
	});
	const gone = Object.assign(new File(['x'], 'gone.txt'), {
		arrayBuffer: () => Promise.reject(new Error('the file has been moved'))
	});

	test.each([
		['document/empty', new File([], 'empty.md')],
		['document/empty', new File(['\n \n'], 'blank.txt')],
		['document/empty', new File(['<script>x</script>'], 'app.html')],
		['document/unsupported', new File([Uint8Array.of(0x50, 0x4b, 3, 4, 0, 0)], 'report.docx')],
		['document/unsupported', new File([Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8)], 'garbage.md')],
		['document/unreadable', new File(['%PDF-1.4\n1 0 obj'], 'cut.pdf')],
		['document/unreadable', new File(['<b>'.repeat(50_000)], 'deep.html')],
		['document/too-large', tooLarge],
		['document/unreadable', gone]
	])('is refused with %s', async (code, file) => {
		await expect(read(file)).rejects.toMatchObject({
			code,
			message: expect.stringContaining(file.name) as string
		});
	});

	test('says how large a file may be', async () => {
		await expect(read(tooLarge)).rejects.toThrow('larger than 100 MB');
	});
});
