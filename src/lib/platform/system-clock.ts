import { throwIfAborted } from '../core/abort.ts';
import { AppError } from '../core/errors.ts';
import type { Clock } from '../ports/clock.ts';

/** Timers count in 32 bits: a longer delay would fire at once. */
const longestTimer = 2 ** 31 - 1;

/** The clock of this machine. */
export class SystemClock implements Clock {
	now(): number {
		return Date.now();
	}

	monotonic(): number {
		return performance.now();
	}

	async sleep(ms: number, signal?: AbortSignal): Promise<void> {
		throwIfAborted(signal);
		for (let left = ms; left > 0; left -= longestTimer)
			await delay(Math.min(left, longestTimer), signal);
	}
}

function delay(ms: number, signal: AbortSignal | undefined): Promise<void> {
	return new Promise((resolve, reject) => {
		const timer = setTimeout(() => {
			signal?.removeEventListener('abort', onAbort);
			resolve();
		}, ms);
		const onAbort = (): void => {
			clearTimeout(timer);
			reject(new AppError('cancelled', { cause: signal?.reason }));
		};
		signal?.addEventListener('abort', onAbort, { once: true });
	});
}
