import { expect, test } from 'vitest';
import { AppError } from '../../core/errors.ts';
import { isTransient, retryDelay } from './retry-policy.ts';

test.each([
	[new AppError('download/offline'), true],
	[new AppError('download/stalled'), true],
	[new AppError('download/http', { details: { status: 500 } }), true],
	[new AppError('download/http', { details: { status: 429 } }), true],
	[new AppError('download/http', { details: { status: 404 } }), false],
	[new AppError('download/http'), false],
	[new AppError('storage/quota'), false],
	[new AppError('cancelled'), false],
	[new Error('download/offline'), false]
])('%s passes by itself: %s', (error, transient) => {
	expect(isTransient(error)).toBe(transient);
});

test('waits double up to half a minute, spread over their upper half', () => {
	expect([1, 2, 3, 7, 20].map((failures) => retryDelay(failures, 1))).toEqual([
		500, 1000, 2000, 30_000, 30_000
	]);
	expect(retryDelay(1, 0)).toBe(250);
});
