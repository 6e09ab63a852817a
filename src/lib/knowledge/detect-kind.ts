import type { DocumentKind } from './knowledge-records.ts';

const kindOfExtension = new Map<string, DocumentKind>([
	...extensions('markdown', 'md markdown mdown mkd mdx'),
	...extensions('html', 'html htm xhtml'),
	...extensions('pdf', 'pdf'),
	...extensions(
		'text',
		'txt text log csv tsv json jsonl ndjson yaml yml toml ini conf xml tex rst org'
	),
	...extensions(
		'text',
		'js mjs cjs ts jsx tsx svelte vue css scss py rb go rs java kt swift c h cpp hpp'
	),
	...extensions('text', 'cs php pl lua r sh bash ps1 sql')
]);

const kindOfMime = new Map<string, DocumentKind>([
	['text/markdown', 'markdown'],
	['text/html', 'html'],
	['application/xhtml+xml', 'html'],
	['application/pdf', 'pdf'],
	['application/json', 'text'],
	['application/xml', 'text']
]);

/** How much of a file is looked at. */
const sniffed = 8192;

/**
 * What a file is: by its bytes where they say it beyond doubt, else by its extension, its MIME type, its look.
 * Null for what is not text and no PDF. `name` and `mime` may be empty.
 */
export function detectKind(name: string, mime: string, bytes: Uint8Array): DocumentKind | null {
	const head = bytes.subarray(0, sniffed);
	const start = new TextDecoder('latin1').decode(head.subarray(0, 1024));
	if (start.includes('%PDF-')) return 'pdf';
	const extension = /\.([^./\\]+)$/.exec(name)?.[1]?.toLowerCase() ?? '';
	const type = mime.split(';')[0]?.trim().toLowerCase() ?? '';
	const named = kindOfExtension.get(extension) ?? kindOfMime.get(type);
	// A damaged PDF is told as that, not as an unknown kind.
	if (named === 'pdf') return 'pdf';
	if (isBinary(head)) return null;
	if (named) return named;
	return /^\s*(<!doctype html|<html)/i.test(start) ? 'html' : 'text';
}

function extensions(kind: DocumentKind, names: string): [string, DocumentKind][] {
	return names.split(' ').map((name) => [name, kind]);
}

function isBinary(head: Uint8Array): boolean {
	const isUtf16 = (head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff);
	if (isUtf16) return false;
	let controls = 0;
	for (const byte of head) {
		if (byte === 0) return true;
		// Tab, line feed, form feed, carriage return and escape do occur in text.
		if (byte < 32 && ![9, 10, 12, 13, 27].includes(byte)) controls++;
	}
	return controls > head.length / 50;
}
