import { formatBytes } from '../core/bytes.ts';
import { AppError } from '../core/errors.ts';
import { decodeText } from './decode-text.ts';
import { detectKind } from './detect-kind.ts';
import type { DocumentKind } from './knowledge-records.ts';
import { parseHtml } from './parsers/html-parser.ts';
import { parseMarkdown } from './parsers/markdown-parser.ts';
import type { ParsedDocument } from './parsers/parsed-document.ts';
import { type OpenPdfWorker, parsePdf } from './parsers/pdf-parser.ts';
import { parseText } from './parsers/text-parser.ts';

/** Bytes of the largest file that is read. */
export const largestDocument = 100_000_000;

/** A file in memory. */
export interface DocumentFile {
	readonly name: string;
	readonly mime: string;
	readonly bytes: Uint8Array<ArrayBuffer>;
}

/** The whole of a file. Errors: `document/too-large`, `document/unreadable` when it has gone or may not be read. */
export async function loadFile(file: File): Promise<DocumentFile> {
	const { name } = file;
	if (file.size > largestDocument) {
		const limit = formatBytes(largestDocument);
		throw new AppError('document/too-large', { details: { name, limit } });
	}
	try {
		return { name, mime: file.type, bytes: new Uint8Array(await file.arrayBuffer()) };
	} catch (error) {
		throw unreadable(name, error);
	}
}

/** What kind of document the file is. Errors: `document/unsupported`. */
export function kindOf({ name, mime, bytes }: DocumentFile): DocumentKind {
	const kind = detectKind(name, mime, bytes);
	if (!kind) throw new AppError('document/unsupported', { details: { name } });
	return kind;
}

/**
 * The text of a file, in sections; at least one. Takes over the file's bytes.
 * Errors: `document/empty`, `document/encrypted`, `document/unreadable`.
 */
export async function readDocument(
	file: DocumentFile,
	kind: DocumentKind,
	openPdfWorker: OpenPdfWorker | null
): Promise<ParsedDocument> {
	const parsed = await parse(file, kind, openPdfWorker);
	if (parsed.sections.length > 0) return parsed;
	throw new AppError('document/empty', { details: { name: file.name } });
}

async function parse(
	{ name, bytes }: DocumentFile,
	kind: DocumentKind,
	openPdfWorker: OpenPdfWorker | null
): Promise<ParsedDocument> {
	if (kind === 'pdf') return await parsePdf(bytes, name, openPdfWorker);
	try {
		if (kind === 'html') return parseHtml(decodeText(bytes, declaredEncoding(bytes)));
		const text = decodeText(bytes);
		return kind === 'markdown' ? parseMarkdown(text) : parseText(text);
	} catch (error) {
		throw unreadable(name, error);
	}
}

/** The encoding that a page states about itself, for pages that are not in UTF-8. */
function declaredEncoding(bytes: Uint8Array): string | undefined {
	const start = new TextDecoder('latin1').decode(bytes.subarray(0, 2048));
	return /<meta[^>]+charset\s*=\s*["']?([\w-]+)/i.exec(start)?.[1];
}

function unreadable(name: string, error: unknown): AppError {
	const reason = error instanceof Error ? error.message : String(error);
	return new AppError('document/unreadable', { details: { name, reason }, cause: error });
}
