/** A line of text on a page of a tiny PDF. Points from the lower left corner of the page. */
export interface PdfLine {
	readonly text: string;
	readonly x?: number;
	readonly y: number;
	/** Font size, default 12. */
	readonly size?: number;
}

/** A valid PDF 1.4 in Helvetica: pages of lines, each line at its place. Text in Latin-1. */
export function tinyPdf(pages: readonly (readonly PdfLine[])[]): Uint8Array<ArrayBuffer> {
	// Objects 1 to 3 are the catalog, the page tree and the font; then two per page.
	const kids = pages.map((_, index) => `${4 + index * 2} 0 R`).join(' ');
	const objects = [
		'<< /Type /Catalog /Pages 2 0 R >>',
		`<< /Type /Pages /Kids [${kids}] /Count ${pages.length} >>`,
		'<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>',
		...pages.flatMap((lines, index) => [page(5 + index * 2), stream(content(lines))])
	];
	return latin1(withCrossReferences(objects));
}

/** The same PDF under a password that nobody knows. */
export function encryptedPdf(): Uint8Array<ArrayBuffer> {
	const plain = new TextDecoder('latin1').decode(tinyPdf([[{ text: 'secret', y: 700 }]]));
	const key = '00'.repeat(32);
	const encrypt = `/Encrypt << /Filter /Standard /V 1 /R 2 /O <${key}> /U <${key}> /P -4 >> /ID [<00> <00>]`;
	return latin1(plain.replace('/Root 1 0 R', `/Root 1 0 R ${encrypt}`));
}

/** Lines of one paragraph or more below one another, `''` for a gap. Starts at the top of the page. */
export function pdfText(lines: readonly string[], size = 12): PdfLine[] {
	return lines.flatMap((text, index) =>
		text === '' ? [] : [{ text, y: 740 - index * size * 1.2, size }]
	);
}

function page(contentObject: number): string {
	return (
		'<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] ' +
		`/Resources << /Font << /F1 3 0 R >> >> /Contents ${contentObject} 0 R >>`
	);
}

function content(lines: readonly PdfLine[]): string {
	const shown = lines.map(({ text, x = 72, y, size = 12 }) => {
		const escaped = text.replaceAll(/[\\()]/g, String.raw`\$&`);
		return `/F1 ${size} Tf 1 0 0 1 ${x} ${y} Tm (${escaped}) Tj`;
	});
	return `BT\n${shown.join('\n')}\nET`;
}

function stream(body: string): string {
	return `<< /Length ${body.length} >>\nstream\n${body}\nendstream`;
}

function withCrossReferences(objects: readonly string[]): string {
	let file = '%PDF-1.4\n';
	const offsets = objects.map((object, index) => {
		const offset = file.length;
		file += `${index + 1} 0 obj\n${object}\nendobj\n`;
		return offset;
	});
	const rows = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
	const size = objects.length + 1;
	return (
		`${file}xref\n0 ${size}\n0000000000 65535 f \n${rows}` +
		`trailer\n<< /Size ${size} /Root 1 0 R >>\nstartxref\n${file.length}\n%%EOF\n`
	);
}

function latin1(text: string): Uint8Array<ArrayBuffer> {
	return Uint8Array.from(text, (character) => character.charCodeAt(0));
}
