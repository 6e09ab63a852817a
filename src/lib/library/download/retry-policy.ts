import { AppError } from '../../core/errors.ts';

/** Tries in a row that may fail without a single new byte before the next address is tried. */
export const maxFailures = 5;

const firstDelay = 500;
const longestDelay = 30_000;
const longestAskedDelay = 300_000;
const busyStatuses = [408, 425, 429];

/** True when it is the host or the way to it that has failed, so that another host may do better. */
export function isHostFailure(error: unknown): error is AppError {
	return error instanceof AppError && error.code.startsWith('download/');
}

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
 * Milliseconds to wait after the `failures`-th failure in a row, from 1: as long as the server asked for, up to five
 * minutes, else double each time. `random` (0 to 1) spreads it, so that many clients do not come back at once.
 */
export function retryDelay(failures: number, random: number, error?: AppError): number {
	const asked = error?.details.retryAfter;
	if (typeof asked === 'number')
		return Math.min(longestAskedDelay, asked * 1000 + firstDelay * random);
	const full = Math.min(longestDelay, firstDelay * 2 ** (failures - 1));
	return (full / 2) * (1 + random);
}
