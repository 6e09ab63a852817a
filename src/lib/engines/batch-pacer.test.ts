import { describe, expect, test } from 'vitest';
import { ManualClock } from '../testing/manual-clock.ts';
import { BatchPacer } from './batch-pacer.ts';

interface Device {
	/** Milliseconds of each call, and of each character of a padded slice. */
	readonly perCall: number;
	readonly perCharacter: number;
}

interface Slice {
	readonly count: number;
	readonly ms: number;
}

/** Embeds texts of those lengths on a device that computes by the manual clock. */
async function embed(
	lengths: readonly number[],
	device: Device,
	pacer = new BatchPacer()
): Promise<Slice[]> {
	const clock = new ManualClock();
	const slices: Slice[] = [];
	for (let from = 0; from < lengths.length; from += slices.at(-1)!.count) {
		const count = pacer.take(lengths, from);
		const start = clock.monotonic();
		const longest = lengths[from + count - 1]!;
		await clock.advance(device.perCall + count * longest * device.perCharacter);
		const ms = clock.monotonic() - start;
		pacer.took(lengths, from, count, ms);
		slices.push({ count, ms });
	}
	return slices;
}

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
const passages = Array.from({ length: 400 }, (_, at) => 40 + at * 3);
const equal = (count: number, length = 500): number[] => new Array<number>(count).fill(length);

describe('a batch in slices', () => {
	test.each<[name: string, device: Device]>([
		['a graphics card', { perCall: 4, perCharacter: 0.0005 }],
		['a fast processor', { perCall: 2, perCharacter: 0.01 }],
		['a slow processor', { perCall: 3, perCharacter: 0.2 }],
		['a very slow processor', { perCall: 5, perCharacter: 1.5 }]
	])('on %s takes every text once, none over 250 ms but single texts', async (_, device) => {
		const slices = await embed(passages, device);
		expect(sum(slices.map(({ count }) => count))).toBe(passages.length);
		expect(slices.filter(({ count, ms }) => count > 1 && ms > 250)).toEqual([]);
	});

	test.each([0.002, 0.02, 0.1])('is cut no smaller than needed at %s ms', async (perCharacter) => {
		const slices = await embed(equal(1000), { perCall: 2, perCharacter });
		const total = sum(slices.map(({ ms }) => ms));
		// A few small ones at the start, until it knows the device.
		expect(slices.length).toBeLessThanOrEqual(Math.ceil(total / 100) + 10);
		const rest = slices.slice(10).map(({ ms }) => ms);
		for (const ms of rest) expect(ms).toBeGreaterThan(75);
	});

	test('begins small', () => {
		expect(new BatchPacer().take(equal(1000, 200), 0)).toBeLessThanOrEqual(4);
		expect(new BatchPacer().take([9000, 9000], 0)).toBe(1);
	});

	test('grows at most to the double from one slice to the next', async () => {
		const slices = await embed(equal(2000), { perCall: 0, perCharacter: 0 });
		const counts = slices.map(({ count }) => count);
		counts.slice(1, -1).forEach((count, at) => {
			expect(count).toBeLessThanOrEqual(counts[at]! * 2 + 1);
		});
	});

	test('takes a small rest along instead of leaving it for another slice', async () => {
		const pacer = new BatchPacer();
		const device = { perCall: 1, perCharacter: 0.01 };
		await embed(equal(500), device, pacer);
		const usual = pacer.take(equal(500), 0);
		const bit = Math.floor(usual * 1.3);
		expect(pacer.take(equal(bit), 0)).toBe(bit);
		expect(pacer.take(equal(usual * 2), 0)).toBe(usual);
	});

	test('needs one slice for each of many small batches, once it knows the device', async () => {
		const pacer = new BatchPacer();
		const device = { perCall: 2, perCharacter: 0.004 };
		await embed(equal(300), device, pacer);
		const batches: Slice[][] = [];
		for (let at = 0; at < 20; at++) batches.push(await embed(equal(32), device, pacer));
		expect(batches.map((slices) => slices.length)).toEqual(new Array(20).fill(1));
	});
});

describe('a device whose speed changes', () => {
	test('gets a smaller slice at once when it is slower', async () => {
		const pacer = new BatchPacer();
		await embed(equal(500), { perCall: 1, perCharacter: 0.01 }, pacer);
		const slices = await embed(equal(200), { perCall: 1, perCharacter: 0.05 }, pacer);
		expect(slices.findLastIndex(({ count, ms }) => count > 1 && ms > 250)).toBeLessThanOrEqual(0);
	});

	test('is back at its pace soon after one slice that hung', async () => {
		const pacer = new BatchPacer();
		const device = { perCall: 1, perCharacter: 0.01 };
		await embed(equal(500), device, pacer);
		const usual = pacer.take(equal(500), 0);
		pacer.took(equal(500), 0, usual, 30_000);
		expect(pacer.take(equal(500), 0)).toBeGreaterThan(0);
		const slices = await embed(equal(500), device, pacer);
		expect(slices.findIndex(({ count }) => count >= usual)).toBeLessThanOrEqual(4);
	});
});
