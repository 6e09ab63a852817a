import { beforeEach, expect, test } from 'vitest';
import { AppError } from '../../core/errors.ts';
import { LatestWork } from './latest-work.svelte.ts';

let work: LatestWork<'first' | 'second'>;

beforeEach(() => {
	work = new LatestWork();
});

test('what is done resolves with what came of it', async () => {
	const running = work.run('first', () => Promise.resolve(7));
	expect(work.busy).toBe('first');
	expect(await running).toBe(7);
	expect([work.busy, work.error]).toEqual([null, null]);
});

test('what fails is told, until something else begins', async () => {
	expect(
		await work.run('first', () => Promise.reject(new AppError('download/offline')))
	).toBeNull();
	expect([work.busy, work.error?.code]).toEqual([null, 'download/offline']);
	const next = work.run('second', () => Promise.resolve(1));
	expect(work.error).toBeNull();
	await next;
});

test.each<[string, (held: PromiseWithResolvers<number>) => void]>([
	['its result', (held) => held.resolve(1)],
	['its failure', (held) => held.reject(new AppError('download/offline'))]
])('of what was dropped nobody hears %s', async (_, end) => {
	const held = Promise.withResolvers<number>();
	let stop: AbortSignal | null = null;
	const running = work.run('first', (signal) => {
		stop = signal;
		return held.promise;
	});
	work.drop();
	expect([work.busy, stop!.aborted]).toEqual([null, true]);
	end(held);
	expect(await running).toBeNull();
	expect(work.error).toBeNull();
});

test('what is older leaves alone what is newer', async () => {
	const [older, newer] = [Promise.withResolvers<number>(), Promise.withResolvers<number>()];
	const first = work.run('first', () => older.promise);
	const second = work.run('second', () => newer.promise);
	older.resolve(1);
	expect(await first).toBeNull();
	expect(work.busy).toBe('second');
	newer.resolve(2);
	expect(await second).toBe(2);
});
