import type { PDFDocumentLoadingTask, PDFDocumentProxy } from 'pdfjs-dist';
import { AppError, toAppError } from '../../core/errors.ts';
import type { ParsedDocument } from './parsed-document.ts';
import { layOutPages, type TextRun } from './pdf-layout.ts';

/** Starts the PDF library's own worker, so that a long document holds up nothing else. */
export type OpenPdfWorker = () => Promise<Worker>;

/**
 * Text of a PDF, page by page. Takes over `bytes`: they must not be used afterwards. Reads nothing but them.
 * Without `openWorker` (outside a browser) the work is done in this thread.
 * Errors: `document/encrypted`, `document/unreadable`.
 */
export async function parsePdf(
	bytes: Uint8Array<ArrayBuffer>,
	name: string,
	openWorker: OpenPdfWorker | null
): Promise<ParsedDocument> {
	let worker: Worker | null = null;
	let task: PDFDocumentLoadingTask | null = null;
	try {
		const pdf = await import('pdfjs-dist/legacy/build/pdf.mjs');
		worker = openWorker ? await openWorker() : null;
		const verbosity = pdf.VerbosityLevel.ERRORS;
		task = pdf.getDocument({
			data: bytes,
			verbosity,
			useSystemFonts: true,
			isOffscreenCanvasSupported: false,
			disableWorkerRendering: true,
			disableFontFace: true,
			...(worker ? { worker: pdf.PDFWorker.create({ port: worker, verbosity }) } : {})
		});
		return await Promise.race([readPages(task), deathOf(worker)]);
	} catch (error) {
		if (error instanceof Error && error.name === 'PasswordException') {
			throw new AppError('document/encrypted', { details: { name }, cause: error });
		}
		const { message } = toAppError(error);
		const reason = error instanceof Error ? error.message : message;
		throw new AppError('document/unreadable', { details: { name, reason }, cause: error });
	} finally {
		worker?.terminate();
		void task?.destroy().catch(() => undefined);
	}
}

async function readPages(task: PDFDocumentLoadingTask): Promise<ParsedDocument> {
	const document = await task.promise;
	const pages: TextRun[][] = [];
	for (let number = 1; number <= document.numPages; number++) {
		pages.push(await readPage(document, number));
	}
	return layOutPages(pages);
}

async function readPage(document: PDFDocumentProxy, number: number): Promise<TextRun[]> {
	const page = await document.getPage(number);
	const { items } = await page.getTextContent();
	page.cleanup();
	return items.flatMap((item): TextRun[] => {
		if (!('str' in item)) return [];
		const [, , , , x, y] = item.transform as number[];
		return [{ text: item.str, x: x ?? 0, y: y ?? 0, width: item.width, size: item.height }];
	});
}

/** Never resolves; rejects when the worker cannot be started or breaks down. */
function deathOf(worker: Worker | null): Promise<never> {
	return new Promise((_, reject) => {
		worker?.addEventListener('error', (event) => {
			event.preventDefault();
			reject(new Error(event.message || 'the PDF reader could not be started'));
		});
	});
}
