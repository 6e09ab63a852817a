/** A piece of a text that is never cut again, and what stood between it and the piece before. */
export interface TextPiece {
	readonly text: string;
	readonly glue: '' | ' ' | '\n' | '\n\n';
}

type Glue = TextPiece['glue'];

// The root locale, so that a text is cut alike on every machine.
const sentences = new Intl.Segmenter('und', { granularity: 'sentence' });

/**
 * Cuts a text into pieces of at most `size` characters: paragraphs where they fit, else lines, else sentences,
 * else words, else runs of characters. No visible character is lost or moved.
 */
export function splitText(text: string, size: number): TextPiece[] {
	const pieces: TextPiece[] = [];
	for (const paragraph of text.split(/\n{2,}/)) cut(paragraph, '\n\n', 0);
	return pieces;

	function cut(part: string, glue: Glue, cutter: number): void {
		const trimmed = part.trim();
		const next = cutters[cutter];
		if (trimmed === '') return;
		if (trimmed.length <= size || !next) {
			pieces.push({ text: trimmed, glue });
			return;
		}
		let first = true;
		for (const inner of next(trimmed, size)) {
			cut(inner.text, first ? glue : inner.glue, cutter + 1);
			first = false;
		}
	}
}

/** From coarse to fine. */
const cutters: readonly ((text: string, size: number) => Iterable<TextPiece>)[] = [
	(text) => text.split('\n').map((line): TextPiece => ({ text: line, glue: '\n' })),
	splitSentences,
	(text) => text.split(/\s+/).map((word): TextPiece => ({ text: word, glue: ' ' })),
	splitCharacters
];

function* splitSentences(text: string): Generator<TextPiece> {
	let spaceBefore = false;
	for (const { segment } of sentences.segment(text)) {
		yield { text: segment, glue: spaceBefore ? ' ' : '' };
		spaceBefore = segment.trimEnd() !== segment;
	}
}

function* splitCharacters(text: string, size: number): Generator<TextPiece> {
	let start = 0;
	while (start < text.length) {
		let end = Math.min(start + size, text.length);
		// Both halves of a surrogate pair stay together.
		if (end < text.length && end - start > 1 && isHighSurrogate(text, end - 1)) end--;
		yield { text: text.slice(start, end), glue: '' };
		start = end;
	}
}

function isHighSurrogate(text: string, index: number): boolean {
	const code = text.charCodeAt(index);
	return code >= 0xd800 && code <= 0xdbff;
}

/**
 * The end of a text, at most `length` characters of it: whole sentences where one begins there, else whole words.
 * Empty when not even a word fits.
 */
export function endOfText(text: string, length: number): string {
	if (length <= 0) return '';
	if (text.length <= length) return text;
	const tail = text.slice(-length);
	const [, second] = sentences.segment(tail);
	if (second) return tail.slice(second.index).trim();
	const space = tail.search(/\s/);
	return space === -1 ? '' : tail.slice(space).trim();
}
