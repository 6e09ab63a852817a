import { describe, expect, it } from 'vitest';
import { logitsFault } from './logits-fault.ts';

describe('logitsFault', () => {
	it('finds nothing wrong with numbers, nor with single impossible tokens', () => {
		expect(logitsFault(Float32Array.of(-3, 0, 12.5))).toBeNull();
		expect(logitsFault(Float32Array.of(-Infinity, 0, -Infinity))).toBeNull();
		expect(logitsFault(Float32Array.of(-5))).toBeNull();
	});

	it.each([0, 71_234, 151_935])('finds the one that is no number, at %i', (place) => {
		const logits = new Float32Array(151_936);
		logits[place] = NaN;
		expect(logitsFault(logits)).toContain(`NaN for token ${place}`);
	});

	it('tells infinite ones', () => {
		expect(logitsFault(Float32Array.of(1, Infinity))).toContain('infinite');
		expect(logitsFault(new Float32Array(4).fill(-Infinity))).toContain('impossible');
		expect(logitsFault(new Float32Array())).toContain('impossible');
	});
});
