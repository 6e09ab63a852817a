import { describe, expect, test } from 'vitest';
import { type KnownPassage, retrievalCorpus } from '../../testing/retrieval-corpus.ts';
import { embedder1 } from './embedder-1.ts';
import { embedder2 } from './embedder-2.ts';
import type { TextEmbedder } from './text-embedder.ts';

interface Quality {
	readonly recallAt1: number;
	readonly reciprocalRank: number;
}

function dot(a: Float32Array, b: Float32Array): number {
	return a.reduce((sum, value, at) => sum + value * (b[at] ?? 0), 0);
}

/** Looks every question up among all passages. Both figures are means over the questions, from 0 to 1. */
function qualityOf(
	embedder: TextEmbedder,
	questionsOf: (passage: KnownPassage) => readonly string[] = ({ queries }) => queries
): Quality {
	const passages = retrievalCorpus.map(({ text }) => embedder.embed(text));
	const ranks = retrievalCorpus.flatMap((passage, known) =>
		questionsOf(passage).map((query) => {
			const vector = embedder.embed(query);
			const scores = passages.map((passage) => dot(vector, passage));
			return 1 + scores.filter((score) => score > (scores[known] ?? 0)).length;
		})
	);
	return {
		recallAt1: ranks.filter((rank) => rank === 1).length / ranks.length,
		reciprocalRank: ranks.reduce((sum, rank) => sum + 1 / rank, 0) / ranks.length
	};
}

describe('known-item retrieval over forty passages', () => {
	const first = qualityOf(embedder1);
	const second = qualityOf(embedder2);

	test('Starter 1 is of use: it finds most passages at once', () => {
		expect(first.recallAt1).toBeGreaterThan(0.5);
	});

	test('both find every passage by a few of its own words', () => {
		const quote = ({ text }: KnownPassage) => [text.split(' ').slice(4, 10).join(' ')];
		expect(qualityOf(embedder1, quote).recallAt1).toBeGreaterThan(0.95);
		expect(qualityOf(embedder2, quote).recallAt1).toBe(1);
	});

	test('Starter 2 puts the right passage first clearly more often', () => {
		expect(second.recallAt1).toBeGreaterThan(first.recallAt1 + 0.1);
	});

	test('Starter 2 ranks the right passage higher on the whole', () => {
		expect(second.reciprocalRank).toBeGreaterThan(first.reciprocalRank + 0.05);
	});
});
