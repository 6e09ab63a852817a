import { describe, expect, test } from 'vitest';
import { nextTask } from '../core/next-task.ts';
import { TurnQueue } from './turn-queue.ts';

function job(log: string[], name: string): () => Promise<string> {
	return async () => {
		log.push(`${name} begins`);
		await nextTask();
		log.push(`${name} ends`);
		return name;
	};
}

describe('TurnQueue', () => {
	test('runs jobs one at a time and hands on what they return', async () => {
		const queue = new TurnQueue();
		const log: string[] = [];
		const names = await Promise.all([
			queue.run(job(log, 'a'), 'batch'),
			queue.run(job(log, 'b'), 'batch')
		]);
		expect(names).toEqual(['a', 'b']);
		expect(log).toEqual(['a begins', 'a ends', 'b begins', 'b ends']);
	});

	test('goes on after a job that fails', async () => {
		const queue = new TurnQueue();
		const failing = queue.run(() => Promise.reject(new Error('no')), 'batch');
		await expect(failing).rejects.toThrow('no');
		expect(await queue.run(job([], 'next'), 'batch')).toBe('next');
	});

	test('a waiting job that is cancelled rejects before its turn comes, and never runs', async () => {
		const queue = new TurnQueue();
		const log: string[] = [];
		const abort = new AbortController();
		const first = queue.run(job(log, 'first'), 'batch');
		const second = queue.run(job(log, 'second'), 'batch', abort.signal);
		abort.abort();
		await expect(second).rejects.toMatchObject({ code: 'cancelled' });
		expect(log).toEqual(['first begins']);
		await first;
		await nextTask();
		expect(log).toEqual(['first begins', 'first ends']);
	});

	test('a job that has begun sees to its own cancelling', async () => {
		const queue = new TurnQueue();
		const abort = new AbortController();
		const running = queue.run(job([], 'a'), 'batch', abort.signal);
		abort.abort();
		expect(await running).toBe('a');
	});

	test('a job whose signal has aborted already is refused', async () => {
		const log: string[] = [];
		const refused = new TurnQueue().run(job(log, 'a'), 'interactive', AbortSignal.abort());
		await expect(refused).rejects.toMatchObject({ code: 'cancelled' });
		expect(log).toEqual([]);
	});
});
