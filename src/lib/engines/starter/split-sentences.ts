const segmenter = new Intl.Segmenter('en', { granularity: 'sentence' });

/** A full stop after these, or after an initial, ends no sentence. */
const abbreviation =
	/(?<!\p{L})(?:\p{Lu}|Dr|Mr|Mrs|Ms|Prof|St|Fig|Nr|Vol|Art|Abs|e\.\s?g|i\.\s?e|z\.\s?B|d\.\s?h|bzw|ca|vs|cf|approx|incl|inkl)\.\s*$/u;

/** Longer runs without an end, such as tables, are cut so that an answer stays readable. */
const longest = 400;

/**
 * The sentences of a text in order, on one line each, without list and heading marks. Pieces without a letter are
 * left out; a piece longer than 400 characters ends with an ellipsis.
 */
export function splitSentences(text: string): string[] {
	return blocksOf(text)
		.flatMap(sentencesOf)
		.filter((sentence) => /\p{L}/u.test(sentence))
		.map((sentence) => (sentence.length > longest ? cut(sentence) : sentence));
}

function sentencesOf(block: string): string[] {
	const sentences: string[] = [];
	for (const { segment } of segmenter.segment(block)) {
		const last = sentences.at(-1);
		const goesOn = last !== undefined && abbreviation.test(last);
		if (goesOn) sentences.splice(-1, 1, last + segment);
		else sentences.push(segment);
	}
	return sentences.map((sentence) => sentence.trim());
}

/** A line break inside a paragraph is a space; an empty line, a list item or a heading begins a new block. */
function blocksOf(text: string): string[] {
	return text
		.replace(/\r\n?/g, '\n')
		.split(/\n\s*\n|\n(?=\s*(?:[-*+•]|\d+[.)]|#{1,6})\s)|(?<=^#{1,6} .*)\n/m)
		.map((block) =>
			block
				.replace(/^\s*(?:[-*+•]|#{1,6})\s+/, '')
				.replace(/\s+/g, ' ')
				.trim()
		);
}

function cut(sentence: string): string {
	const head = sentence.slice(0, longest);
	const space = head.lastIndexOf(' ');
	return `${head.slice(0, space > 0 ? space : longest).trimEnd()} …`;
}
