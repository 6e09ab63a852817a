import { expect, test } from 'vitest';
import { seededRandom } from './seeded-random.ts';

const draw = (seed: number): number[] => {
	const random = seededRandom(seed);
	return Array.from({ length: 1000 }, () => random());
};

test('the same seed gives the same numbers, another seed others', () => {
	expect(draw(1)).toEqual(draw(1));
	expect(draw(1)).not.toEqual(draw(2));
});

test('numbers are spread over 0 to 1', () => {
	const numbers = draw(3);
	expect(Math.min(...numbers)).toBeGreaterThanOrEqual(0);
	expect(Math.max(...numbers)).toBeLessThan(1);
	const mean = numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
	expect(Math.abs(mean - 0.5)).toBeLessThan(0.05);
});
