import type { Clock } from '../../ports/clock.ts';
import type { OnBytes } from '../model-library.ts';

/** Passes the first report on, the last, and between them one in `interval` milliseconds. */
export function throttled(
	clock: Pick<Clock, 'monotonic'>,
	interval: number,
	report: OnBytes
): OnBytes {
	let told = Number.NEGATIVE_INFINITY;
	return (done, total) => {
		const now = clock.monotonic();
		if (now - told < interval && done < total) return;
		told = now;
		report(done, total);
	};
}
