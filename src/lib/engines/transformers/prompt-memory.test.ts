import { describe, expect, it } from 'vitest';
import { PromptMemory, type KeyValues } from './prompt-memory.ts';

class FakeKeyValues implements KeyValues {
	length = 0;
	disposed = false;

	get_seq_length(): number {
		return this.length;
	}

	async dispose(): Promise<void> {
		this.disposed = true;
	}
}

const tokens = (...values: number[]): bigint[] => values.map(BigInt);

/** A memory that has read the first two of three tokens: the last was written, not read. */
async function afterOneTurn(): Promise<{
	memory: PromptMemory<FakeKeyValues>;
	cache: FakeKeyValues;
}> {
	const memory = new PromptMemory(() => new FakeKeyValues());
	const cache = await memory.take(tokens(1));
	cache.length = 2;
	memory.keep(cache, tokens(1, 2, 3));
	return { memory, cache };
}

describe('PromptMemory', () => {
	it('goes on from a prompt that begins with all that was read', async () => {
		const { memory, cache } = await afterOneTurn();
		expect(await memory.take(tokens(1, 2, 9))).toBe(cache);
		expect(cache.disposed).toBe(false);
	});

	it('starts anew, and gives the old memory back, where the prompt differs', async () => {
		const { memory, cache } = await afterOneTurn();
		const next = await memory.take(tokens(1, 8, 9));
		expect(next).not.toBe(cache);
		expect(next.get_seq_length()).toBe(0);
		expect(cache.disposed).toBe(true);
	});

	it('starts anew where the prompt has nothing left to read', async () => {
		const { memory, cache } = await afterOneTurn();
		expect(await memory.take(tokens(1, 2))).not.toBe(cache);
		expect(cache.disposed).toBe(true);
	});

	it('hands a memory out once: a turn that fails must not spoil the next', async () => {
		const { memory, cache } = await afterOneTurn();
		await memory.take(tokens(1, 2, 9));
		expect(await memory.take(tokens(1, 2, 9))).not.toBe(cache);
	});

	it('forgets on demand, also when there is nothing to forget', async () => {
		const { memory, cache } = await afterOneTurn();
		await memory.forget();
		await memory.forget();
		expect(cache.disposed).toBe(true);
	});
});
