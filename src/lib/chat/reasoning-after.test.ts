import { describe, expect, test } from 'vitest';
import type { Reasoning } from './chat-records.ts';
import { reasoningAfter } from './reasoning-after.ts';

const thought = (text: string) => ({ type: 'reasoning-delta', text }) as const;
const said = (text: string) => ({ type: 'text-delta', text }) as const;

function after(
	...pieces: readonly (readonly [ms: number, ReturnType<typeof thought | typeof said>])[]
) {
	return pieces.reduce<Reasoning | null>(
		(reasoning, [ms, piece]) => reasoningAfter(reasoning, piece, ms),
		null
	);
}

describe('the reasoning of an answer', () => {
	test('grows, and nobody knows how long it will take', () => {
		expect(after([0, thought('Hm')], [900, thought('. So.')])).toEqual({
			text: 'Hm. So.',
			ms: null
		});
	});

	test('took until the first of the answer', () => {
		expect(after([0, thought('Hm.')], [4000, said('Four')], [5000, said('.')])).toEqual({
			text: 'Hm.',
			ms: 4000
		});
	});

	test('that took no time took no time', () => {
		expect(after([0, thought('Hm.')], [0, said('Four')], [9, said('.')])?.ms).toBe(0);
	});

	test('goes on after the answer has begun, and its time stays', () => {
		expect(
			after([0, thought('a')], [5, said('One.')], [8, thought('b')], [9, said('Two')])
		).toEqual({ text: 'ab', ms: 5 });
	});

	test('is none where the model did not reason', () => {
		expect(after([0, said('Four')], [1, said('.')])).toBeNull();
	});

	test('is none where it turns out to have been the answer', () => {
		expect(after([0, thought('Fo')], [1, thought('ur.')], [2, said('Four.')])).toBeNull();
	});

	test('stays where only a later piece says the same', () => {
		expect(after([0, thought('a')], [1, said('b')], [2, said('a')])?.text).toBe('a');
	});
});
