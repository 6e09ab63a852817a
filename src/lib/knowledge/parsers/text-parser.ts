import type { ParsedDocument } from './parsed-document.ts';
import { SectionBuilder } from './section-builder.ts';

/** Plain text: blank lines separate paragraphs; there are no headings. */
export function parseText(text: string): ParsedDocument {
	const builder = new SectionBuilder();
	builder.paragraph(text.replaceAll('\f', '\n\n'));
	return { sections: builder.finish(), pages: null };
}
