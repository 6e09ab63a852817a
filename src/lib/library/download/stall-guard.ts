import { AppError } from '../../core/errors.ts';
import type { Clock } from '../../ports/clock.ts';

/** A connection that gives nothing for so long will give nothing more. Milliseconds. */
const stallLimit = 20_000;

/** What `work` gives, or `download/stalled` when it takes longer than a living connection may. */
export async function withinStallLimit<T>(clock: Clock, work: Promise<T>): Promise<T> {
	const settled = new AbortController();
	const stalled = clock.sleep(stallLimit, settled.signal).then(() => {
		throw new AppError('download/stalled');
	});
	try {
		return await Promise.race([work, stalled]);
	} finally {
		stalled.catch(() => undefined);
		settled.abort();
	}
}
