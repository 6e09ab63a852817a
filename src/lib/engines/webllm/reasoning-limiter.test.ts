import { expect, test } from 'vitest';
import { ReasoningBudget } from '../reasoning/reasoning-budget.ts';
import { ReasoningLimiter } from './reasoning-limiter.ts';

const logits = (): Float32Array => Float32Array.of(0.1, 0.9, 0.3, 0.2);
const likeliest = (values: Float32Array): number => values.indexOf(Math.max(...values));

function limiter(limit: number): ReasoningLimiter {
	const made = new ReasoningLimiter();
	made.budget = new ReasoningBudget({ limit, open: [2], close: [3, 0], opened: true });
	return made;
}

test('without a budget the model chooses', () => {
	const free = new ReasoningLimiter();
	const given = logits();
	expect(free.processLogits(given)).toBe(given);
	expect(() => free.processSampledToken(1)).not.toThrow();
});

test('within its budget the model chooses', () => {
	expect(likeliest(limiter(1).processLogits(logits()))).toBe(1);
});

test('beyond it there is but one token, then the next of the mark, then freedom', () => {
	const closing = limiter(1);
	closing.processSampledToken(1);
	for (const token of [3, 0]) {
		const left = closing.processLogits(logits());
		expect(likeliest(left)).toBe(token);
		expect(left.every((value) => Number.isFinite(value))).toBe(true);
		expect([...left].filter((value) => value > -1e6)).toHaveLength(1);
		closing.processSampledToken(token);
	}
	expect(likeliest(closing.processLogits(logits()))).toBe(1);
});

test('what the runtime forgets in between does not give the model more time', () => {
	const closing = limiter(1);
	closing.processSampledToken(1);
	closing.resetState();
	expect(likeliest(closing.processLogits(logits()))).toBe(3);
});
