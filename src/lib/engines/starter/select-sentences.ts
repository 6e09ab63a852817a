import type { GroundingPassage } from '../../core/generation.ts';
import { embedder2 } from './embedder-2.ts';
import { splitSentences } from './split-sentences.ts';
import { type Term, termsOf } from './terms.ts';

/** A sentence of the passage that is cited as `n`, word for word. */
export interface Quote {
	readonly n: number;
	readonly text: string;
}

interface Candidate extends Quote {
	/** Place in reading order, over all passages. */
	readonly at: number;
	readonly vector: Float32Array;
	readonly score: number;
}

const limits = {
	quotes: 4,
	/** Below this a sentence has nothing to do with the question. */
	leastScore: 0.18,
	/** Further sentences must be at least this good compared to the best. */
	leastOfBest: 0.4,
	/** Sentences nearer to each other than this say the same. */
	sameness: 0.85
};

/**
 * One to four sentences that answer the question best, in reading order; none where no sentence has to do with it.
 * A sentence counts for the rare words that it shares with the question, whatever their form, for its likeness to the
 * question as a whole, and a little for standing early; what repeats a chosen sentence is passed over.
 */
export function selectSentences(question: string, passages: readonly GroundingPassage[]): Quote[] {
	const candidates = score(question, passages).filter(({ score }) => score >= limits.leastScore);
	const best = Math.max(0, ...candidates.map(({ score }) => score));
	const rest = candidates.filter(({ score }) => score >= limits.leastOfBest * best);
	const chosen: Candidate[] = [];
	while (chosen.length < limits.quotes) {
		const next = takeBest(rest, chosen);
		if (!next) break;
		chosen.push(next);
	}
	return chosen.sort((a, b) => a.at - b.at).map(({ n, text }) => ({ n, text }));
}

/** Maximal marginal relevance: the best that is left, less what it repeats. Removes what it returns. */
function takeBest(rest: Candidate[], chosen: readonly Candidate[]): Candidate | null {
	let best: { candidate: Candidate; worth: number } | null = null;
	for (const candidate of rest) {
		const repeats = Math.max(0, ...chosen.map((other) => dot(candidate.vector, other.vector)));
		if (repeats > limits.sameness) continue;
		const worth = candidate.score - 0.4 * repeats;
		if (!best || worth > best.worth) best = { candidate, worth };
	}
	if (!best) return null;
	rest.splice(rest.indexOf(best.candidate), 1);
	return best.candidate;
}

function score(question: string, passages: readonly GroundingPassage[]): Candidate[] {
	const asked = termsOf(question);
	const vector = embedder2.embed(question);
	const sentences = passages.flatMap((passage, rank) =>
		splitSentences(passage.text).map((text, place) => ({
			n: passage.n,
			text,
			terms: stemsOf(text),
			title: stemsOf(passage.title),
			early: 0.04 / (1 + rank) + 0.02 / (1 + place)
		}))
	);
	const rarity = rarityOf(
		asked,
		sentences.map(({ terms }) => terms)
	);
	const whole = asked.reduce((sum, term) => sum + rarity(term), 0);
	return sentences.map(({ n, text, terms, title, early }, at) => {
		const shared = asked.reduce((sum, term) => {
			const found = terms.has(term.stem) ? 1 : title.has(term.stem) ? 0.3 : 0;
			return sum + found * rarity(term);
		}, 0);
		const own = embedder2.embed(text);
		const overlap = whole === 0 ? 0 : shared / whole;
		const likeness = Math.max(0, dot(vector, own));
		const relevance = 0.6 * overlap + 0.6 * likeness;
		return { n, text, at, vector: own, score: relevance === 0 ? 0 : relevance + early };
	});
}

/** Inverse document frequency over the sentences at hand, times what the word itself is worth. */
function rarityOf(
	asked: readonly Term[],
	sentences: readonly ReadonlySet<string>[]
): (term: Term) => number {
	const rarities = new Map(
		asked.map(({ stem, weight }) => {
			const holding = sentences.filter((terms) => terms.has(stem)).length;
			return [stem, weight * Math.log(1 + (sentences.length + 1) / (holding + 1))];
		})
	);
	return ({ stem }) => rarities.get(stem) ?? 0;
}

function stemsOf(text: string): ReadonlySet<string> {
	return new Set(termsOf(text).map(({ stem }) => stem));
}

function dot(a: Float32Array, b: Float32Array): number {
	return a.reduce((sum, value, at) => sum + value * (b[at] ?? 0), 0);
}
