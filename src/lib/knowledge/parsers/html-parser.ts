import { Parser } from 'htmlparser2';
import type { ParsedDocument } from './parsed-document.ts';
import { SectionBuilder } from './section-builder.ts';

/** What is no part of the text that a person reads. */
const skipped = new Set(
	'script style nav template noscript svg iframe object select button dialog'.split(' ')
);
/** Elements that begin and end a paragraph. */
const blocks = new Set(
	(
		'address article aside blockquote body dd details div dl dt fieldset figcaption figure footer form ' +
		'header hr html legend main ol p pre section summary table tbody tfoot thead ul'
	).split(' ')
);

/** No page that a person reads comes near; the parser's time grows with the square of the depth. */
const deepest = 10_000;

/**
 * HTML as a reader sees it: headings, paragraphs, lists, table rows. The title is the outermost heading.
 * Throws a RangeError for elements nested more than ten thousand deep.
 */
export function parseHtml(html: string): ParsedDocument {
	const reader = new HtmlReader();
	const parser = new Parser(
		{
			onopentagname: (name) => reader.open(name),
			ontext: (text) => reader.text(text),
			onclosetag: (name) => reader.close(name)
		},
		{ decodeEntities: true, lowerCaseTags: true }
	);
	parser.end(html);
	return { sections: reader.finish(), pages: null };
}

/** The text of a fragment of HTML, without tags and with entities decoded. */
export function htmlToText(fragment: string): string {
	let text = '';
	const parser = new Parser({ ontext: (part) => (text += part) }, { decodeEntities: true });
	parser.end(fragment);
	return text;
}

class HtmlReader {
	readonly #builder = new SectionBuilder();
	#text = '';
	/** Last character of `#text`, kept apart: looking into a long text under construction is slow. */
	#last = '\n';
	#title = '';
	#inTitle = false;
	#skipDepth = 0;
	#preDepth = 0;
	#depth = 0;

	open(name: string): void {
		if (++this.#depth > deepest) throw new RangeError('its elements are nested too deeply');
		if (skipped.has(name)) this.#skipDepth++;
		else if (name === 'title') this.#inTitle = this.#skipDepth === 0;
		else if (name === 'br' || name === 'tr') this.#append('\n');
		else if (name === 'li') this.#append('\n- ');
		else if (name === 'td' || name === 'th') this.#append(this.#last === '\n' ? '' : ' | ');
		else if (isHeading(name) || blocks.has(name)) this.#paragraph();
		if (name === 'pre') this.#preDepth++;
	}

	text(text: string): void {
		if (this.#inTitle) this.#title += text;
		else if (this.#skipDepth > 0) return;
		else if (this.#preDepth > 0) this.#append(text);
		else {
			const words = text.replaceAll(/\s+/g, ' ');
			this.#append(this.#last === ' ' || this.#last === '\n' ? words.trimStart() : words);
		}
	}

	close(name: string): void {
		this.#depth--;
		if (skipped.has(name)) this.#skipDepth = Math.max(0, this.#skipDepth - 1);
		else if (name === 'title') this.#endTitle();
		else if (isHeading(name)) this.#heading(Number(name[1]));
		else if (blocks.has(name)) this.#paragraph();
		if (name === 'pre') this.#preDepth = Math.max(0, this.#preDepth - 1);
	}

	finish(): ReturnType<SectionBuilder['finish']> {
		this.#paragraph();
		return this.#builder.finish();
	}

	#append(text: string): void {
		this.#text += text;
		this.#last = text.at(-1) ?? this.#last;
	}

	#take(): string {
		const text = this.#text;
		this.#text = '';
		this.#last = '\n';
		return text;
	}

	#endTitle(): void {
		if (!this.#inTitle) return;
		this.#inTitle = false;
		this.#title = this.#title.replaceAll(/\s+/g, ' ').trim();
		this.#builder.heading(0, this.#title);
	}

	#heading(level: number): void {
		const text = this.#take().replaceAll(/\s+/g, ' ').trim();
		// Most pages repeat their title as the first heading.
		if (text !== this.#title) this.#builder.heading(level, text);
	}

	#paragraph(): void {
		const text = this.#take();
		this.#builder.paragraph(this.#preDepth > 0 ? text : tidy(text));
	}
}

function isHeading(name: string): boolean {
	return /^h[1-6]$/.test(name);
}

/** Drops the spaces around line ends that the layout of the source left. */
function tidy(text: string): string {
	return text.replaceAll(/ *\n */g, '\n').replaceAll(/\n+/g, '\n');
}
