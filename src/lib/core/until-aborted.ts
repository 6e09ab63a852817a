import { AppError } from './errors.ts';

/** As the promise does, unless the signal is aborted first: then it rejects with `cancelled` at once. */
export async function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
	const aborted = Promise.withResolvers<never>();
	const giveUp = (): void => aborted.reject(new AppError('cancelled', { cause: signal.reason }));
	if (signal.aborted) giveUp();
	signal.addEventListener('abort', giveUp);
	try {
		return await Promise.race([aborted.promise, promise]);
	} finally {
		signal.removeEventListener('abort', giveUp);
	}
}
