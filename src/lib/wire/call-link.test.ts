import { describe, expect, test } from 'vitest';
import { nextTask } from '../core/next-task.ts';
import { callLink } from './call-link.ts';
import { linkedContext } from './linked-context.ts';

function aborted(signal: AbortSignal): Promise<unknown> {
	return new Promise((resolve) =>
		signal.addEventListener('abort', () => resolve(signal.reason), { once: true })
	);
}

describe('a call link', () => {
	test("aborts the callee's signal with our own error", async () => {
		const caller = new AbortController();
		const { port, release } = callLink(caller.signal);
		const { signal } = linkedContext(port);
		const reason = aborted(signal);
		expect(signal.aborted).toBe(false);
		caller.abort();
		expect(await reason).toMatchObject({ code: 'cancelled' });
		release();
	});

	test('carries an abort that came before the call', async () => {
		const { port, release } = callLink(AbortSignal.abort());
		expect(await aborted(linkedContext(port).signal)).toMatchObject({ code: 'cancelled' });
		release();
	});

	test('brings progress back in order', async () => {
		const seen: number[] = [];
		const all = Promise.withResolvers<null>();
		const { port, release } = callLink<number>(undefined, (progress) => {
			if (seen.push(progress) === 3) all.resolve(null);
		});
		const context = linkedContext<number>(port);
		for (const progress of [1, 2, 3]) context.onProgress(progress);
		await all.promise;
		expect(seen).toEqual([1, 2, 3]);
		release();
	});

	test('carries nothing once it is released', async () => {
		const caller = new AbortController();
		const seen: number[] = [];
		const { port, release } = callLink<number>(caller.signal, (progress) => seen.push(progress));
		const context = linkedContext<number>(port);
		release();
		caller.abort();
		context.onProgress(1);
		await nextTask();
		await nextTask();
		expect(seen).toEqual([]);
		expect(context.signal.aborted).toBe(false);
		context.close();
	});
});
