import { expect, test } from 'vitest';
import { AppError } from '../core/errors.ts';
import { roomAfterOverflow } from './token-room.ts';

const room = { contextTokens: 4096, tokenScale: 1 };
const overflow = (details = {}): AppError => new AppError('engine/context-overflow', { details });

test('the scale is what the engine has measured, rounded up', () => {
	expect(
		roomAfterOverflow(room, overflow({ promptTokens: 4500, contextTokens: 4096 }), 3000)
	).toEqual({ contextTokens: 4096, tokenScale: 1.5 });
	expect(roomAfterOverflow(room, overflow({ promptTokens: 4501 }), 3000).tokenScale).toBe(1.625);
});

test('an engine that has less room than it said is believed', () => {
	const { contextTokens } = roomAfterOverflow(room, overflow({ contextTokens: 2048 }), 3000);
	expect(contextTokens).toBe(2048);
});

test('without figures, or with figures that explain nothing, it grows all the same', () => {
	for (const details of [{}, { promptTokens: 10 }, { promptTokens: 'many', contextTokens: -1 }]) {
		const next = roomAfterOverflow({ ...room, tokenScale: 1.5 }, overflow(details), 3000);
		expect(next).toEqual({ contextTokens: 4096, tokenScale: 1.875 });
	}
});
