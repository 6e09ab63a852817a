import { describe, expect, it } from 'vitest';
import { PromptMemory, type KeyValues } from './prompt-memory.ts';

class FakeKeyValues implements KeyValues {
	length: number;
	disposed = false;

	constructor(length = 0) {
		this.length = length;
	}

	get_seq_length(): number {
		return this.length;
	}

	async dispose(): Promise<void> {
		this.disposed = true;
	}
}

const tokens = (...values: number[]): bigint[] => values.map(BigInt);

/** A memory that has read the first four of five tokens: the last was written, not read. */
async function afterOneTurn(canCut = true) {
	const cuts: number[] = [];
	const memory = new PromptMemory({
		create: () => new FakeKeyValues(),
		cut: async (whole, length) => {
			cuts.push(length);
			await whole.dispose();
			return canCut ? new FakeKeyValues(length) : null;
		}
	});
	const cache = await memory.take(tokens(1));
	cache.length = 4;
	memory.keep(cache, tokens(1, 2, 3, 4, 5));
	return { memory, cache, cuts };
}

describe('PromptMemory', () => {
	it('goes on from a prompt that begins with all that was read', async () => {
		const { memory, cache, cuts } = await afterOneTurn();
		expect(await memory.take(tokens(1, 2, 3, 4, 9))).toBe(cache);
		expect(cache.disposed).toBe(false);
		expect(cuts).toEqual([]);
	});

	it('keeps what a prompt begins with, and gives the whole back', async () => {
		const { memory, cache } = await afterOneTurn();
		const next = await memory.take(tokens(1, 2, 8, 9));
		expect(next.get_seq_length()).toBe(2);
		expect(cache.disposed).toBe(true);
	});

	it('leaves one token to read of a prompt that it knows whole', async () => {
		const { memory } = await afterOneTurn();
		expect((await memory.take(tokens(1, 2, 3, 4))).get_seq_length()).toBe(3);
	});

	it('starts anew, and gives the memory back, where little is common', async () => {
		const { memory, cache, cuts } = await afterOneTurn();
		expect((await memory.take(tokens(1, 8, 9))).get_seq_length()).toBe(0);
		expect(cache.disposed).toBe(true);
		expect(cuts).toEqual([]);
	});

	it('starts anew where the memory cannot be cut', async () => {
		const { memory, cache, cuts } = await afterOneTurn(false);
		expect((await memory.take(tokens(1, 2, 3, 9))).get_seq_length()).toBe(0);
		expect(cache.disposed).toBe(true);
		expect(cuts).toEqual([3]);
	});

	it('hands a memory out once: a turn that fails must not spoil the next', async () => {
		const { memory, cache } = await afterOneTurn();
		await memory.take(tokens(1, 2, 3, 4, 9));
		expect(await memory.take(tokens(1, 2, 3, 4, 9))).not.toBe(cache);
	});

	it('forgets on demand, also when there is nothing to forget', async () => {
		const { memory, cache } = await afterOneTurn();
		await memory.forget();
		await memory.forget();
		expect(cache.disposed).toBe(true);
	});
});
