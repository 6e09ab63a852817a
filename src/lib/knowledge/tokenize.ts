export interface Token {
	/** As it is compared: lower case, without diacritics. */
	readonly term: string;
	/** As it is written. */
	readonly surface: string;
	readonly start: number;
}

/** Scripts that write no spaces between words. */
const unspaced =
	/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}]/u;
const words = new Intl.Segmenter('und', { granularity: 'word' });

/** The words and numbers of a text, in order. Words of languages that write no spaces are told apart too. */
export function tokenize(text: string): Token[] {
	const tokens: Token[] = [];
	for (const match of text.matchAll(/[\p{L}\p{N}\p{M}]+(?:['’][\p{L}]+)*/gu)) {
		const [run] = match;
		if (!unspaced.test(run)) {
			tokens.push({ term: foldTerm(run), surface: run, start: match.index });
			continue;
		}
		for (const { segment, index, isWordLike } of words.segment(run)) {
			if (!isWordLike) continue;
			tokens.push({ term: foldTerm(segment), surface: segment, start: match.index + index });
		}
	}
	return tokens;
}

/** `Éclair’s` and `eclair's` are one term. */
export function foldTerm(word: string): string {
	return word
		.normalize('NFKD')
		.replaceAll(/[\u0300-\u036f]/g, '')
		.replaceAll('’', "'")
		.toLowerCase();
}
