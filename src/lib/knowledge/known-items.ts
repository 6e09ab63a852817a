import type { EmbeddableText, KnownItem } from './knowledge-api.ts';
import { seededRandom } from './seeded-random.ts';
import { type Token, tokenize } from './tokenize.ts';

/** Terms of a query at most. */
const queryTerms = 6;

/**
 * Up to `count` questions, each made of the words that tell its passage from the others, in the order of the text.
 * Never a whole sentence of it. Passages with too few words give none. The same input and seed give the same questions.
 */
export function makeKnownItems(
	texts: readonly EmbeddableText[],
	count: number,
	seed: number
): KnownItem[] {
	const random = seededRandom(seed);
	const frequency = documentFrequency(texts);
	const items: KnownItem[] = [];
	for (const { text, textHash } of shuffled(texts, random)) {
		if (items.length >= count) break;
		const query = makeQuery(
			text,
			(term) => Math.log(1 + texts.length / (frequency.get(term) ?? 1)),
			random
		);
		if (query !== null) items.push({ query, textHash });
	}
	return items;
}

function makeQuery(
	text: string,
	idf: (term: string) => number,
	random: () => number
): string | null {
	const ranked = distinctTokens(text)
		.map((token) => ({ token, weight: idf(token.term) * Math.min(token.term.length, 8) }))
		.sort((a, b) => b.weight - a.weight || a.token.start - b.token.start)
		.map(({ token }) => token);
	const chosen = ranked.slice(0, Math.min(queryTerms, Math.ceil(ranked.length / 2)));
	// People leave words out: so does every other question that has some to spare.
	if (chosen.length > 3 && random() < 0.5)
		chosen.splice(1 + Math.floor(random() * (chosen.length - 1)), 1);
	const sentences = new Set(
		text.split(/[.!?。！？\n]+/).map((sentence) => key(tokenize(sentence)))
	);
	while (chosen.length > 0 && sentences.has(key(inOrder(chosen)))) chosen.pop();
	if (chosen.length === 0 || ranked.length < 2) return null;
	return inOrder(chosen)
		.map((token) => token.surface)
		.join(' ');
}

/** Each term of a text once, at its first place; numbers of one digit and single letters tell nothing. */
function distinctTokens(text: string): Token[] {
	const seen = new Map<string, Token>();
	for (const token of tokenize(text)) {
		const tells = token.term.length > 1 || token.term > '\u2e80';
		if (tells && !seen.has(token.term)) seen.set(token.term, token);
	}
	return [...seen.values()];
}

function documentFrequency(texts: readonly EmbeddableText[]): Map<string, number> {
	const frequency = new Map<string, number>();
	for (const { text } of texts) {
		for (const { term } of distinctTokens(text))
			frequency.set(term, (frequency.get(term) ?? 0) + 1);
	}
	return frequency;
}

function inOrder(tokens: readonly Token[]): Token[] {
	return tokens.toSorted((a, b) => a.start - b.start);
}

function key(tokens: readonly Token[]): string {
	return tokens.map((token) => token.term).join(' ');
}

function shuffled<Item>(items: readonly Item[], random: () => number): Item[] {
	const result = [...items];
	for (let last = result.length - 1; last > 0; last--) {
		const other = Math.floor(random() * (last + 1));
		[result[last], result[other]] = [result[other] as Item, result[last] as Item];
	}
	return result;
}
