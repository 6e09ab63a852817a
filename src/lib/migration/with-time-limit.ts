import type { AppError } from '../core/errors.ts';
import type { Clock } from '../ports/clock.ts';

export interface TimeLimit {
	readonly clock: Clock;
	readonly ms: number;
	readonly signal: AbortSignal;
	/** What is thrown when the time is up. */
	readonly error: () => AppError;
}

/** Runs work under a signal that aborts with the outer one, or when the time is up. */
export async function withTimeLimit<T>(
	limit: TimeLimit,
	work: (signal: AbortSignal) => Promise<T>
): Promise<T> {
	const ended = new AbortController();
	const inner = AbortSignal.any([limit.signal, ended.signal]);
	const timeUp = limit.clock.sleep(limit.ms, inner).then(() => {
		throw limit.error();
	});
	const working = work(inner);
	// Whichever loses the race must not become an unhandled rejection.
	timeUp.catch(() => undefined);
	working.catch(() => undefined);
	try {
		return await Promise.race([working, timeUp]);
	} finally {
		ended.abort();
	}
}
