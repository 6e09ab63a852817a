import { describe, expect, test } from 'vitest';
import { RangePlan } from './range-plan.ts';

const [a, b, c] = [{ name: 'a' }, { name: 'b' }, { name: 'c' }];
const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
const nothing: number[] = [];

/** The parts that each reader has. */
function shares(plan: RangePlan, count: number): Record<string, number[]> {
	const of = (reader: object): number[] => upTo(count).filter((part) => plan.owns(reader, part));
	return { a: of(a), b: of(b), c: of(c) };
}

describe('RangePlan', () => {
	test('the first reader gets everything', () => {
		const plan = new RangePlan(upTo(4));
		expect(plan.claim(a, nothing)).toBe(0);
		expect(plan.end(a)).toBe(4);
		expect(shares(plan, 4)).toMatchObject({ a: [0, 1, 2, 3] });
	});

	test('a run ends where a part is stored already', () => {
		const plan = new RangePlan([1, 2, 5, 6]);
		expect(plan.claim(a, nothing)).toBe(1);
		expect(plan.end(a)).toBe(3);
		expect(plan.claim(b, nothing)).toBe(5);
		expect(shares(plan, 7)).toMatchObject({ a: [1, 2], b: [5, 6] });
	});

	test('another reader takes half of the longest run', () => {
		const plan = new RangePlan(upTo(9));
		plan.claim(a, nothing);
		expect(plan.claim(b, nothing)).toBe(5);
		expect(plan.claim(c, nothing)).toBe(3);
		expect(shares(plan, 9)).toEqual({ a: [0, 1, 2], b: [5, 6, 7, 8], c: [3, 4] });
	});

	test('nobody takes the part that another is reading', () => {
		const plan = new RangePlan([0, 1]);
		plan.claim(a, nothing);
		expect(plan.claim(b, nothing)).toBe(1);
		expect(plan.claim(c, nothing)).toBeUndefined();
		expect(plan.claim(c, [0, 1])).toBeUndefined();
	});

	test('what has been begun and left goes first, also out of the run of another', () => {
		const plan = new RangePlan(upTo(8));
		plan.claim(a, nothing);
		expect(plan.claim(b, [0, 6])).toBe(6);
		expect(shares(plan, 8)).toMatchObject({ a: [0, 1, 2, 3, 4, 5], b: [6, 7] });
	});

	test('what a reader leaves is free, and what it has read is not', () => {
		const plan = new RangePlan(upTo(4));
		plan.claim(a, nothing);
		plan.done(0);
		expect(plan.next(a)).toBe(1);
		plan.release(a);
		expect(plan.next(a)).toBeUndefined();
		expect(plan.claim(b, nothing)).toBe(1);
		expect(plan.left).toBe(3);
	});

	test('one reader can be given all that is missing', () => {
		const plan = new RangePlan([0, 2, 4]);
		plan.claim(a, nothing);
		plan.claimAll(a);
		expect(shares(plan, 5)).toMatchObject({ a: [0, 2, 4] });
	});

	test('every part goes to one reader, however they come and go', () => {
		let seed = 7;
		const random = (n: number): number => (seed = (seed * 16_807) % 2_147_483_647) % n;
		const plan = new RangePlan(upTo(50));
		const read: number[] = [];
		while (plan.left > 0) {
			const reader = [a, b, c][random(3)]!;
			if (random(5) === 0) plan.release(reader);
			const next = plan.next(reader) ?? plan.claim(reader, nothing);
			if (next === undefined) continue;
			plan.done(next);
			read.push(next);
		}
		expect(read.sort((x, y) => x - y)).toEqual(upTo(50));
	});
});
