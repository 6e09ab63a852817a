import { expect, test } from 'vitest';
import { pacedWork, textWork } from './text-work.ts';

const pace = { targetMs: 100, fastestShrinking: 1 / 4 };

test('texts cost their longest, each of them, and something besides', () => {
	expect(textWork(68, 3)).toBe(300);
	expect(textWork(68, 1)).toBeGreaterThan(68);
});

test('the next amount takes the time that is wanted', () => {
	expect(pacedWork(1000, 1000, 80, pace)).toBe(1250);
	expect(pacedWork(1000, 500, 80, pace)).toBe(625);
	expect(pacedWork(1000, 1000, 200, pace)).toBe(500);
});

test('one odd measurement neither starves nor floods the next', () => {
	expect(pacedWork(1000, 1000, 100_000, pace)).toBe(250);
	expect(pacedWork(1000, 1000, 1, pace)).toBe(2000);
	expect(pacedWork(1000, 10, 0, pace)).toBe(2000);
	expect(pacedWork(1000, 1400, 1, pace)).toBe(2800);
});
