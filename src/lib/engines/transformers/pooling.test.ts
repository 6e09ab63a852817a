import { describe, expect, it } from 'vitest';
import { normalise, poolTokens } from './pooling.ts';

/** Two texts of three tokens, two numbers each; the second text has one token of padding. */
const states = {
	values: Float32Array.of(1, 2, 3, 4, 5, 6, 10, 20, 30, 40, 999, 999),
	tokens: 3,
	width: 2,
	lengths: [3, 2]
};

describe('poolTokens', () => {
	it('takes the mean over the true tokens, not over the padding', () => {
		expect(poolTokens(states, 'mean').map((vector) => [...vector])).toEqual([
			[3, 4],
			[20, 30]
		]);
	});

	it('takes the first token for cls', () => {
		expect(poolTokens(states, 'cls').map((vector) => [...vector])).toEqual([
			[1, 2],
			[10, 20]
		]);
	});

	it('takes the last token that is not padding for last', () => {
		expect(poolTokens(states, 'last').map((vector) => [...vector])).toEqual([
			[5, 6],
			[30, 40]
		]);
	});

	it.each(['mean', 'cls', 'last'] as const)('gives vectors of their own for %s', (pooling) => {
		const [first] = poolTokens(states, pooling);
		first!.fill(0);
		expect(states.values[0]).toBe(1);
		expect(states.values[4]).toBe(5);
	});
});

describe('normalise', () => {
	it('scales to length 1', () => {
		expect([...normalise(Float32Array.of(3, 4))]).toEqual([Math.fround(0.6), Math.fround(0.8)]);
	});

	it('leaves a vector of zeros alone, instead of making it NaN', () => {
		expect([...normalise(new Float32Array(2))]).toEqual([0, 0]);
	});
});
