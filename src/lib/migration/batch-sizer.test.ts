import { describe, expect, test } from 'vitest';
import { BatchSizer } from './batch-sizer.ts';

const texts = (count: number, length = 100): number[] =>
	Array.from({ length: count }, () => length);

/** Batches that an engine takes which needs that long for each text, in milliseconds. */
function batches(sizer: BatchSizer, rounds: number, msPerText: number, length = 100): number[] {
	return Array.from({ length: rounds }, () => {
		const lengths = texts(1000, length);
		const count = sizer.take(lengths);
		sizer.took(lengths.slice(0, count), count * msPerText);
		return count;
	});
}

describe('BatchSizer', () => {
	test('begins with 32 texts, or with all that there are', () => {
		expect(new BatchSizer().take(texts(100))).toBe(32);
		expect(new BatchSizer().take(texts(5))).toBe(5);
	});

	test('grows for a fast engine, by twice at a time and within reason', () => {
		expect(batches(new BatchSizer(), 6, 0.1)).toEqual([32, 64, 128, 256, 256, 256]);
	});

	test('shrinks for a slow engine until a batch takes less than half a second', () => {
		const sizes = batches(new BatchSizer(), 6, 60);
		expect(sizes.at(-1)).toBe(6);
		expect(sizes[1]).toBeLessThan(sizes[0]!);
	});

	test('never takes none, however slow the engine is', () => {
		expect(batches(new BatchSizer(), 10, 60_000).at(-1)).toBe(1);
	});

	test('takes fewer of longer texts', () => {
		const sizer = new BatchSizer();
		batches(sizer, 6, 10);
		expect(sizer.take(texts(1000, 100))).toBe(40);
		expect(sizer.take(texts(1000, 1000))).toBe(5);
	});

	test('is not misled by a small batch at the end of what there was', () => {
		const sizer = new BatchSizer();
		const [before] = batches(sizer, 8, 10).slice(-1);
		sizer.took(texts(2), 20);
		expect(sizer.take(texts(1000))).toBeGreaterThanOrEqual(before! / 4);
		expect(batches(sizer, 4, 10).at(-1)).toBe(before);
	});

	test('never has more than so many characters in one batch', () => {
		const sizer = new BatchSizer();
		batches(sizer, 12, 0);
		const lengths = texts(1000, 4000);
		expect(sizer.take(lengths) * 4000).toBeLessThanOrEqual(400_000);
		expect(sizer.take([2_000_000])).toBe(1);
	});

	test('halves what there was no memory for, for good, down to single texts', () => {
		const sizer = new BatchSizer();
		sizer.outOfMemory(32);
		expect(batches(sizer, 3, 0.1)).toEqual([16, 16, 16]);
		sizer.outOfMemory(16);
		for (let at = 0; at < 5; at++) sizer.outOfMemory(1);
		expect(sizer.take(texts(100))).toBe(1);
	});
});
