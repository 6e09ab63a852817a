import type { Clock } from '../../ports/clock.ts';
import type { OnBytes } from '../model-library.ts';

/**
 * Passes the first report on, the last, and between them one in `interval` milliseconds; one of fewer bytes than the last
 * one told at once.
 */
export function throttled(
	clock: Pick<Clock, 'monotonic'>,
	interval: number,
	report: OnBytes
): OnBytes {
	let told = Number.NEGATIVE_INFINITY;
	let most = 0;
	return (done, total) => {
		const now = clock.monotonic();
		if (now - told < interval && done < total && done >= most) return;
		told = now;
		most = done;
		report(done, total);
	};
}
