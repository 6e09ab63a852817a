import type { Section } from '../knowledge-records.ts';

interface Heading {
	readonly level: number;
	readonly text: string;
}

/** Turns a stream of headings and paragraphs into sections. Every word that comes in comes out. */
export class SectionBuilder {
	readonly #sections: Section[] = [];
	#path: Heading[] = [];
	#paragraphs: string[] = [];
	#page: number | null = null;
	/** True while nothing has come under the innermost heading. */
	#bare = false;

	/** Level 1 is the outermost of a document's own; 0 stands above it. Empty headings are passed over. */
	heading(level: number, text: string): void {
		const words = oneLine(text);
		if (words === '') return;
		this.#close(level);
		this.#path = [...this.#path.filter((above) => above.level < level), { level, text: words }];
		this.#bare = true;
	}

	/** Lines within a paragraph stay lines; blank lines end it. */
	paragraph(text: string): void {
		const trimmed = text.replaceAll(/\n\s*\n/g, '\n\n').trim();
		if (trimmed === '') return;
		this.#paragraphs.push(trimmed);
		this.#bare = false;
	}

	/** What follows stands on this page. Headings go on over pages. */
	page(number: number): void {
		this.#flush();
		this.#page = number;
	}

	finish(): Section[] {
		this.#close(0);
		return this.#sections;
	}

	/** Ends the running section; a heading with nothing below it becomes text, so that it can be found. */
	#close(nextLevel: number): void {
		this.#flush();
		const last = this.#path.at(-1);
		if (!this.#bare || !last || last.level < nextLevel) return;
		const headings = this.#path.slice(0, -1).map((above) => above.text);
		this.#sections.push({ headings, page: this.#page, text: last.text });
		this.#bare = false;
	}

	#flush(): void {
		if (this.#paragraphs.length === 0) return;
		this.#sections.push({
			headings: this.#path.map((heading) => heading.text),
			page: this.#page,
			text: this.#paragraphs.join('\n\n')
		});
		this.#paragraphs = [];
	}
}

function oneLine(text: string): string {
	return text.replaceAll(/\s+/g, ' ').trim();
}
