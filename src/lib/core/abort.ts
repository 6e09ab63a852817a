import { AppError } from './errors.ts';

/** Throws `cancelled` when the signal has been aborted. Call it between steps of long work. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
	if (signal?.aborted) throw new AppError('cancelled', { cause: signal.reason });
}
