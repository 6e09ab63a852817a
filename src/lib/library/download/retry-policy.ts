import { AppError } from '../../core/errors.ts';

/** Tries in a row that may fail without a single new part before a download gives up. */
export const maxFailures = 5;

const firstDelay = 500;
const longestDelay = 30_000;
const busyStatuses = [408, 425, 429];

/** True for failures that pass by themselves: no network, a server that is busy or ill for the moment. */
export function isTransient(error: unknown): error is AppError {
	if (!(error instanceof AppError)) return false;
	if (error.code === 'download/offline' || error.code === 'download/stalled') return true;
	const { status } = error.details;
	return (
		error.code === 'download/http' &&
		typeof status === 'number' &&
		(status >= 500 || busyStatuses.includes(status))
	);
}

/**
 * Milliseconds to wait after the `failures`-th failure in a row, from 1. Doubles each time; `random` (0 to 1) spreads
 * it over the upper half, so that many clients do not come back at the same moment.
 */
export function retryDelay(failures: number, random: number): number {
	const full = Math.min(longestDelay, firstDelay * 2 ** (failures - 1));
	return (full / 2) * (1 + random);
}
