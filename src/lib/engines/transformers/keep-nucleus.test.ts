import { describe, expect, it } from 'vitest';
import { keepNucleus } from './keep-nucleus.ts';

/** Logits of these probabilities. */
const of = (...chances: number[]): Float32Array => Float32Array.from(chances, Math.log);

/** Places of the tokens that are still possible. */
function kept(logits: Float32Array, share: number): number[] {
	keepNucleus(logits, share);
	return [...logits.keys()].filter((token) => logits[token] !== -Infinity);
}

describe('keepNucleus', () => {
	it.each([
		[0.1, [1]],
		[0.5, [1]],
		[0.55, [1, 2]],
		[0.85, [1, 2, 3]],
		[0.97, [0, 1, 2, 3]],
		[1, [0, 1, 2, 3, 4]]
	])('keeps the likeliest with %d together', (share, tokens) => {
		expect(kept(of(0.1, 0.54, 0.2, 0.14, 0.02), share)).toEqual(tokens);
	});

	it('leaves the chances of those that stay as they were', () => {
		const logits = of(0.1, 0.6, 0.3);
		const before = logits.slice();
		keepNucleus(logits, 0.8);
		expect([...logits]).toEqual([-Infinity, before[1], before[2]]);
	});

	it('keeps the best one, however small the share', () => {
		expect(kept(of(0.25, 0.5, 0.25), 1e-9)).toEqual([1]);
	});

	it('counts tokens far below the best where there are very many', () => {
		// Each of them is next to impossible; together they outweigh the best one.
		const logits = new Float32Array(100_000).fill(-11);
		logits[7] = 0;
		expect(kept(logits, 0.9).length).toBeGreaterThan(60_000);
	});

	it('keeps what is impossible impossible', () => {
		const logits = Float32Array.of(0, -Infinity, 0, 0);
		expect(kept(logits, 0.99)).toEqual([0, 2, 3]);
	});

	it('leaves logits alone of which none is possible', () => {
		expect(kept(new Float32Array(3).fill(-Infinity), 0.5)).toEqual([]);
	});
});
