import { describe, expect, test } from 'vitest';
import { encryptedPdf, pdfText, tinyPdf } from '../../testing/tiny-pdf.ts';
import { parsePdf } from './pdf-parser.ts';

const read = (bytes: Uint8Array<ArrayBuffer>) => parsePdf(bytes, 'paper.pdf', null);

describe('PDF', () => {
	test('gives the text of each page with its number', async () => {
		const bytes = tinyPdf([
			pdfText(['The owl hunts at night', 'and sleeps by day.', '', '', 'It eats mice (grey).']),
			pdfText(['The second page.'])
		]);
		expect(await read(bytes)).toEqual({
			pages: 2,
			sections: [
				{
					headings: [],
					page: 1,
					text: 'The owl hunts at night and sleeps by day.\n\nIt eats mice (grey).'
				},
				{ headings: [], page: 2, text: 'The second page.' }
			]
		});
	});

	test('finds headings by the size of their font', async () => {
		const bytes = tinyPdf([
			[
				{ text: 'Owls of Caf\u00e9 City', y: 760, size: 22 },
				...pdfText(['Owls are birds that', 'turn their heads.'])
			]
		]);
		const { sections } = await read(bytes);
		expect(sections).toEqual([
			{ headings: ['Owls of Café City'], page: 1, text: 'Owls are birds that turn their heads.' }
		]);
	});

	test('a PDF without text has no sections', async () => {
		expect(await read(tinyPdf([[]]))).toEqual({ sections: [], pages: 1 });
	});

	test('says that a PDF is protected by a password', async () => {
		await expect(read(encryptedPdf())).rejects.toMatchObject({
			code: 'document/encrypted',
			message: expect.stringContaining('paper.pdf') as string
		});
	});

	test('says that a PDF is damaged', async () => {
		const bytes = tinyPdf([pdfText(['text'])]);
		await expect(read(bytes.slice(0, 60))).rejects.toMatchObject({ code: 'document/unreadable' });
		await expect(read(Uint8Array.of(37, 80, 68, 70, 45))).rejects.toMatchObject({
			code: 'document/unreadable'
		});
	});
});
