import { AppError } from '../../core/errors.ts';
import type { Clock } from '../../ports/clock.ts';

/** A host that says nothing for so long will say nothing more. Milliseconds. */
const silenceLimit = 20_000;

/** The outcome of what a host was asked for. Errors: `download/stalled` after a long silence; those of `answer`. */
export async function untilSilent<T>(clock: Pick<Clock, 'sleep'>, answer: Promise<T>): Promise<T> {
	const heard = new AbortController();
	const silence = clock.sleep(silenceLimit, heard.signal).then(() => {
		throw new AppError('download/stalled');
	});
	try {
		return await Promise.race([answer, silence]);
	} finally {
		heard.abort();
		silence.catch(() => undefined);
		answer.catch(() => undefined);
	}
}
