import type { ChatMessage } from '../../src/lib/core/generation.ts';
import { contentWords, functionWords } from '../fixtures/tiny-models/word-list.ts';

/** A question of about so many characters. Another `number` makes it differ from the first word on. */
export function question(number: number, characters = 120): ChatMessage[] {
	return [{ role: 'user', content: words(number, characters) }];
}

/**
 * Texts as documents give them: most are short, some fill the model's window. Lengths are spread evenly over their
 * logarithm, from 5 words to 300. The same each time.
 */
export function mixedTexts(count: number): string[] {
	return Array.from({ length: count }, (_, at) => {
		const share = ((at * 61) % count) / count;
		const length = Math.round(5 * 60 ** share);
		return wordsFrom(at + 1, length).join(' ');
	});
}

function words(seed: number, characters: number): string {
	return `${seed}: ${wordsFrom(seed, Math.ceil(characters / 4)).join(' ')}`.slice(0, characters);
}

/** Words in an order that only looks random. */
function wordsFrom(seed: number, count: number): string[] {
	let state = seed;
	return Array.from({ length: count }, (_, at) => {
		state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
		const list = at % 3 === 2 ? functionWords : contentWords;
		return list[state % list.length] ?? '';
	});
}
