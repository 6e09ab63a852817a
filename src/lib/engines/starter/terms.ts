import { isCommonWord, wordWeight } from './common-words.ts';
import { foldWord } from './fold-word.ts';
import { splitWords } from './split-words.ts';
import { stemWord } from './stem-word.ts';

/** A word that says something, in the form that its inflections share. */
export interface Term {
	readonly stem: string;
	readonly weight: number;
}

/** The words of a text that say what it is about, each once. */
export function termsOf(text: string): Term[] {
	const terms = new Map<string, Term>();
	for (const written of splitWords(text)) {
		const word = written.toLowerCase();
		if (isCommonWord(word)) continue;
		const stem = stemWord(foldWord(word));
		terms.set(stem, { stem, weight: wordWeight(word) });
	}
	return [...terms.values()];
}
