import { expect, test } from 'vitest';
import { forceToken } from './force-token.ts';

test('a forced token is the only possible one', () => {
	const logits = Float32Array.of(5, 1, 2);
	forceToken(logits, 1);
	expect([...logits]).toEqual([-Infinity, 0, -Infinity]);
});

test.each([null, 3])('without one (%s) all stay as they are', (token) => {
	const logits = Float32Array.of(5, 1, 2);
	forceToken(logits, token);
	expect([...logits]).toEqual([5, 1, 2]);
});
