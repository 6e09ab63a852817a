import { describe, expect, test } from 'vitest';
import { seededRandom } from '../knowledge/seeded-random.ts';
import { RateMeter } from './rate-meter.ts';

const middle = (meter: RateMeter, work: number): number => {
	const range = meter.remaining(work)!;
	return (range.low + range.high) / 2;
};
const width = (meter: RateMeter): number => {
	const { low, high } = meter.remaining(1000)!;
	return high / low;
};

describe('RateMeter', () => {
	test('knows nothing until something has been measured', () => {
		const meter = new RateMeter();
		meter.add(0, 100);
		meter.add(100, 0);
		expect([meter.perMs, meter.remaining(5)]).toEqual([null, null]);
	});

	test('tells the rate, and how long the rest takes as a range around it', () => {
		const meter = new RateMeter();
		meter.add(500, 1000);
		expect(meter.perMs).toBe(0.5);
		const { low, high } = meter.remaining(1000)!;
		expect(low).toBeLessThan(2000);
		expect(high).toBeGreaterThan(2000);
		expect(meter.remaining(0)).toEqual({ low: 0, high: 0 });
	});

	test('grows surer with each sample that is like those before', () => {
		const meter = new RateMeter();
		const widths = Array.from({ length: 30 }, () => {
			meter.add(500, 1000);
			return width(meter);
		});
		expect(widths).toEqual([...widths].sort((a, b) => b - a));
		expect(widths[0]).toBeGreaterThan(1.8);
		expect(widths.at(-1)).toBeLessThan(1.16);
	});

	test('stays unsure where samples differ', () => {
		const [even, uneven] = [new RateMeter(), new RateMeter()];
		for (let at = 0; at < 30; at++) {
			even.add(500, 1000);
			uneven.add(at % 2 === 0 ? 900 : 100, 1000);
		}
		expect(width(uneven)).toBeGreaterThan(width(even));
	});

	test('follows a device that has become slow', () => {
		const meter = new RateMeter();
		for (let at = 0; at < 60; at++) meter.add(1000, 1000);
		for (let at = 0; at < 240; at++) meter.add(250, 1000);
		expect(meter.perMs).toBeGreaterThan(0.25);
		expect(meter.perMs).toBeLessThan(0.4);
	});

	test('does not jump once it has settled: by a tenth at most between uneven batches', () => {
		const random = seededRandom(7);
		const meter = new RateMeter();
		let left = 2_000_000;
		let before: number | null = null;
		const jumps: number[] = [];
		for (let batch = 0; batch < 300; batch++) {
			// A batch of half a second, at a rate that is up to 40 % off either way.
			const work = 5000 * (0.6 + 0.8 * random());
			meter.add(work, 600);
			left -= work;
			const now = middle(meter, left);
			if (before !== null && batch > 20) jumps.push(Math.abs(now / (before - 600) - 1));
			before = now;
		}
		expect(Math.max(...jumps)).toBeLessThan(0.1);
	});
});
