import { describe, expect, it } from 'vitest';
import { tokenBatches } from './token-batches.ts';

describe('tokenBatches', () => {
	it('puts texts of similar length together, shortest first', () => {
		expect(tokenBatches([9, 1, 8, 2], { texts: 2, tokens: 100 })).toEqual([
			[1, 3],
			[2, 0]
		]);
	});

	it('counts padding towards the limit of tokens', () => {
		expect(tokenBatches([5, 5, 6], { texts: 10, tokens: 12 })).toEqual([[0, 1], [2]]);
	});

	it('lets a text alone that is longer than the limit', () => {
		expect(tokenBatches([500, 3], { texts: 10, tokens: 100 })).toEqual([[1], [0]]);
	});

	it('names every text exactly once', () => {
		const lengths = Array.from({ length: 200 }, (_, index) => (index * 37) % 91);
		const named = tokenBatches(lengths, { texts: 7, tokens: 256 }).flat();
		expect(named.toSorted((a, b) => a - b)).toEqual(lengths.map((_, index) => index));
	});

	it('has no batch for no texts', () => {
		expect(tokenBatches([], { texts: 7, tokens: 256 })).toEqual([]);
	});
});
