import { beforeEach, describe, expect, test } from 'vitest';
import { ManualClock } from '../../testing/manual-clock.ts';
import { Bandwidth } from './bandwidth.ts';

const { signal } = new AbortController();
let clock: ManualClock;
let bandwidth: Bandwidth;

beforeEach(() => {
	clock = new ManualClock();
	bandwidth = new Bandwidth(clock);
});

/** The moments at which each of the readers has got its bytes. */
function taking(...bytes: number[]): number[] {
	const moments: number[] = [];
	for (const each of bytes)
		void bandwidth.take(each, signal).then(() => moments.push(clock.monotonic()));
	return moments;
}

describe('Bandwidth', () => {
	test('lets everything through without a limit', async () => {
		const moments = taking(1e9, 1e9);
		await clock.advance(0);
		expect(moments).toEqual([0, 0]);
	});

	test('all readers together get so many bytes a second', async () => {
		bandwidth.limit = 1000;
		const moments = taking(500, 250, 250);
		await clock.advance(10_000);
		expect(moments.at(-1)).toBe(1000);
		expect(taking(1000)).toEqual([]);
	});

	test('time in which nobody reads is not saved up', async () => {
		bandwidth.limit = 1000;
		await clock.advance(60_000);
		const moments = taking(500);
		await clock.advance(499);
		expect(moments).toEqual([]);
		await clock.advance(1);
		expect(moments).toEqual([60_500]);
	});

	test.each([null, 1_000_000])(
		'a limit of %s wakes those who wait under a lower one',
		async (next) => {
			bandwidth.limit = 1;
			const moments = taking(1000);
			await clock.advance(1000);
			bandwidth.limit = next;
			await clock.advance(250);
			expect(moments).toEqual([1250]);
		}
	);

	test('the wall clock has no say', async () => {
		bandwidth.limit = 1000;
		const moments = taking(1000);
		clock.jump(86_400_000);
		await clock.advance(999);
		expect(moments).toEqual([]);
		clock.jump(-2 * 86_400_000);
		await clock.advance(1);
		expect(moments).toEqual([1000]);
	});

	test('an abort ends the wait', async () => {
		bandwidth.limit = 1;
		const stop = new AbortController();
		const waiting = bandwidth.take(1000, stop.signal);
		await clock.advance(10);
		stop.abort();
		await expect(waiting).rejects.toMatchObject({ code: 'cancelled' });
		expect(clock.sleeping).toBe(0);
	});
});
