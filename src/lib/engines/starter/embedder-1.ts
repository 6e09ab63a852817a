import { wordWeight } from './common-words.ts';
import { FeatureBag } from './feature-bag.ts';
import { splitWords } from './split-words.ts';
import type { TextEmbedder } from './text-embedder.ts';

/**
 * Words as they are written, pairs of them, and their letter trigrams. Never to be changed: people have indexes of
 * it. A better one gets a number of its own.
 */
export const embedder1: TextEmbedder = {
	dims: 256,
	embed(text) {
		const bag = new FeatureBag();
		let previous = '';
		for (const written of splitWords(text)) {
			const word = written.toLowerCase();
			const weight = wordWeight(word);
			bag.add(`w:${word}`, weight);
			if (previous) bag.add(`p:${previous} ${word}`, 0.2 * weight);
			for (let at = 0; at + 3 <= word.length; at++) {
				bag.add(`t:${word.slice(at, at + 3)}`, 0.35 * weight);
			}
			previous = word;
		}
		return bag.toVector(this.dims, 1);
	}
};
