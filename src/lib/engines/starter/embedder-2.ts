import { wordWeight } from './common-words.ts';
import { FeatureBag } from './feature-bag.ts';
import { foldWord } from './fold-word.ts';
import { splitCompound } from './split-compound.ts';
import { splitWords } from './split-words.ts';
import { stemWord } from './stem-word.ts';
import type { TextEmbedder } from './text-embedder.ts';

/** What each kind of feature counts for, tuned on the retrieval test beside this file. */
const share = { stem: 1, word: 0.2, pair: 0.25, gram: 1.6, part: 0.3 };

/**
 * Stems, words without accents, pairs of stems, parts of compounds, and letter n-grams that know where a word begins
 * and ends: it finds other forms of a word, misspelt words and words within words. Never to be changed: people have
 * indexes of it. A better one gets a number of its own.
 */
export const embedder2: TextEmbedder = {
	dims: 512,
	embed(text) {
		const bag = new FeatureBag();
		let previous = '';
		for (const written of splitWords(text)) {
			const word = foldWord(written);
			const weight = wordWeight(written.toLowerCase());
			const stem = stemWord(word);
			bag.add(`s:${stem}`, share.stem * weight);
			bag.add(`w:${word}`, share.word * weight);
			if (previous) bag.add(`p:${previous} ${stem}`, share.pair * weight);
			previous = stem;
			addGrams(bag, word, share.gram * weight);
			const parts = splitCompound(written);
			for (const part of parts) {
				bag.add(`s:${stemWord(foldWord(part))}`, (share.part * weight) / Math.sqrt(parts.length));
			}
		}
		return bag.toVector(this.dims, 2);
	}
};

/** All n-grams of a word together weigh as much whether it is short or long. */
function addGrams(bag: FeatureBag, word: string, weight: number): void {
	const marked = `<${word}>`;
	const grams: string[] = [];
	for (let size = 3; size <= 5; size++) {
		for (let at = 0; at + size <= marked.length; at++) grams.push(marked.slice(at, at + size));
	}
	for (const gram of grams) bag.add(`g:${gram}`, weight / Math.sqrt(grams.length));
}
