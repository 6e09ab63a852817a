import { expect, test } from 'vitest';
import { untilAborted } from './until-aborted.ts';

const never = new Promise<never>(() => undefined);

test('what comes before the abort counts, good or bad', async () => {
	const { signal } = new AbortController();
	await expect(untilAborted(Promise.resolve(1), signal)).resolves.toBe(1);
	await expect(untilAborted(Promise.reject(new Error('no')), signal)).rejects.toThrow('no');
});

test('an abort ends the wait, and what fails later is nobody’s business', async () => {
	const stop = new AbortController();
	const { promise, reject } = Promise.withResolvers<never>();
	const waiting = untilAborted(promise, stop.signal);
	stop.abort();
	await expect(waiting).rejects.toMatchObject({ code: 'cancelled' });
	reject(new Error('too late'));
	await expect(untilAborted(never, stop.signal)).rejects.toMatchObject({ code: 'cancelled' });
});
