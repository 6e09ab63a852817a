/** `[1]` or `[1, 2]`, unless it is the text of a Markdown link. */
const syntax = /\[(\d{1,3}(?:\s*,\s*\d{1,3})*)\](?!\()/.source;
const atStart = new RegExp(`^${syntax}`);
const anywhere = new RegExp(`\\s?${syntax}`, 'g');

export interface CitationMark {
	/** As written. */
	readonly raw: string;
	readonly numbers: readonly number[];
}

/** The mark that the text begins with, whether such citations exist or not. */
export function citationMarkAt(text: string): CitationMark | undefined {
	const match = atStart.exec(text);
	if (!match?.[1]) return undefined;
	return { raw: match[0], numbers: match[1].split(',').map(Number) };
}

/** Where the next mark may begin, or undefined. */
export function nextCitationMark(text: string): number | undefined {
	const at = text.search(/\[\d/);
	return at < 0 ? undefined : at;
}

/** The text without its marks, for readers who do not have the passages. */
export function withoutCitationMarks(text: string): string {
	return text.replace(anywhere, '');
}
