import { describe, expect, test } from 'vitest';
import { ReasoningBudget, type ReasoningBudgetOptions } from './reasoning-budget.ts';

const open = [1];
const close = [2];
/** Marks of several tokens, such that one can begin within another. */
const spelledOut = { open: [10, 11, 10, 12], close: [10, 20, 10, 20, 30] };

/** What is written when a model would write this, and is forced where the budget forces. */
function write(wanted: readonly number[], options: Partial<ReasoningBudgetOptions>): number[] {
	const budget = new ReasoningBudget({ limit: 3, open, close, opened: false, ...options });
	const left = [...wanted];
	const written: number[] = [];
	for (;;) {
		const token = budget.forced ?? left.shift();
		if (token === undefined) return written;
		written.push(token);
		budget.observe(token);
	}
}

describe('a budget for reasoning', () => {
	test('closes the reasoning when as many tokens have been thought', () => {
		expect(write([1, 50, 51, 52, 53, 54], {})).toEqual([1, 50, 51, 52, 2, 53, 54]);
	});

	test('counts from the beginning where the prompt has opened it', () => {
		expect(write([50, 51, 52, 53], { opened: true })).toEqual([50, 51, 52, 2, 53]);
	});

	test('closes at once when nothing may be thought', () => {
		expect(write([1, 50], { limit: 0 })).toEqual([1, 2, 50]);
		expect(write([50], { limit: 0, opened: true })).toEqual([2, 50]);
	});

	test('leaves a model alone that closes of itself, however long it goes on', () => {
		for (const wanted of [
			[1, 50, 2, 60, 61, 62, 63, 64],
			[1, 50, 51, 2, 60, 61, 62],
			[1, 2, 60, 61, 62, 63, 64]
		])
			expect(write(wanted, {})).toEqual(wanted);
	});

	test('leaves a model alone that does not reason', () => {
		const wanted = [60, 61, 62, 63, 64, 2, 65];
		expect(write(wanted, {})).toEqual(wanted);
	});

	test('leaves all alone that follows the first closing mark', () => {
		const wanted = [1, 50, 2, 60, 1, 50, 51, 52, 53, 54];
		expect(write(wanted, {})).toEqual(wanted);
	});

	test('finds an opening mark that comes late', () => {
		expect(write([7, 7, 1, 50, 51, 52, 53], {})).toEqual([7, 7, 1, 50, 51, 52, 2, 53]);
	});

	test('forces one mark only', () => {
		expect(write([50, 51, 52, 2, 60, 61, 62, 63], { opened: true })).toEqual([
			...[50, 51, 52, 2],
			...[2, 60, 61, 62, 63]
		]);
	});

	test('forces nothing without a closing mark', () => {
		expect(write([50, 51, 52, 53], { opened: true, close: [] })).toEqual([50, 51, 52, 53]);
	});

	test('finds no reasoning without an opening mark', () => {
		expect(write([50, 51, 52, 53], { open: [] })).toEqual([50, 51, 52, 53]);
	});
});

describe('with marks of several tokens', () => {
	const { open: opening, close: closing } = spelledOut;

	test('forces one token of the mark after the other', () => {
		expect(write([...opening, 50, 51, 52, 53], spelledOut)).toEqual([
			...opening,
			...[50, 51, 52],
			...closing,
			53
		]);
	});

	test('finds a mark that begins anew in its own beginning', () => {
		expect(write([10, 11, ...opening, 50, 51, 52, 53], spelledOut)).toEqual([
			...[10, 11],
			...opening,
			...[50, 51, 52],
			...closing,
			53
		]);
		const wanted = [10, 20, ...closing, 60, 61, 62];
		expect(write(wanted, { ...spelledOut, opened: true, limit: 7 })).toEqual(wanted);
	});

	test.each([0, 1, 2, 3, 4, 5])(
		'goes on with a mark of which the model has written %i tokens when the limit comes',
		(count) => {
			const wanted = [50, ...closing.slice(0, count)];
			expect(write(wanted, { ...spelledOut, opened: true, limit: 1 + count })).toEqual([
				50,
				...closing
			]);
		}
	);

	test('says the same token again while another one is written in its place', () => {
		const budget = new ReasoningBudget({ ...spelledOut, limit: 1, opened: true });
		budget.observe(50);
		expect(budget.forced).toBe(10);
		budget.observe(51);
		expect(budget.forced).toBe(10);
		budget.observe(10);
		expect(budget.forced).toBe(20);
		budget.observe(52);
		expect(budget.forced).toBe(10);
	});

	test('is silent after the last token', () => {
		const budget = new ReasoningBudget({ ...spelledOut, limit: 0, opened: true });
		for (const token of closing) {
			expect(budget.forced).toBe(token);
			budget.observe(token);
		}
		expect(budget.forced).toBeNull();
	});

	test.each(Array.from({ length: 12 }, (_, limit) => limit))(
		'never lets more than %i tokens be thought before the mark begins',
		(limit) => {
			const thoughts = Array.from({ length: 40 }, (_, i) => [50, 10, 51, 10, 20][i % 5] ?? 0);
			const written = write(thoughts, { ...spelledOut, opened: true, limit });
			const text = written.join(' ');
			const end = text.indexOf(closing.join(' '));
			const thought = end <= 0 ? 0 : text.slice(0, end).trim().split(' ').length;
			expect(end).toBeGreaterThanOrEqual(0);
			expect(thought).toBeLessThanOrEqual(limit);
		}
	);
});
