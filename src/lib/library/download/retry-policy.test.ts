import { expect, test } from 'vitest';
import { AppError } from '../../core/errors.ts';
import { isHostFailure, isTransient, retryDelay } from './retry-policy.ts';

test.each([
	[new AppError('download/offline'), true],
	[new AppError('download/stalled'), true],
	[new AppError('download/http', { details: { status: 500 } }), true],
	[new AppError('download/http', { details: { status: 429 } }), true],
	[new AppError('download/http', { details: { status: 404 } }), false],
	[new AppError('download/http'), false],
	[new AppError('download/web-page'), false],
	[new AppError('storage/quota'), false],
	[new AppError('cancelled'), false],
	[new Error('download/offline'), false]
])('%s passes by itself: %s', (error, transient) => {
	expect(isTransient(error)).toBe(transient);
});

test('another host may help where the host has failed, and nowhere else', () => {
	expect(isHostFailure(new AppError('download/size-mismatch'))).toBe(true);
	expect(isHostFailure(new AppError('storage/quota'))).toBe(false);
	expect(isHostFailure(new Error('download/offline'))).toBe(false);
});

test('waits double up to half a minute, spread over their upper half', () => {
	expect([1, 2, 3, 7, 20].map((failures) => retryDelay(failures, 1))).toEqual([
		500, 1000, 2000, 30_000, 30_000
	]);
	expect(retryDelay(1, 0)).toBe(250);
});

test('a host that asks for a wait gets it, spread a little, and five minutes at most', () => {
	const busy = (retryAfter: number): AppError =>
		new AppError('download/http', { details: { status: 503, retryAfter } });
	expect(retryDelay(3, 0, busy(60))).toBe(60_000);
	expect(retryDelay(3, 1, busy(60))).toBe(60_500);
	expect(retryDelay(1, 0, busy(3600))).toBe(300_000);
});
