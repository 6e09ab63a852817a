import { beforeEach, describe, expect, test, vi } from 'vitest';
import { AppError } from '../core/errors.ts';
import type { ModelId } from '../core/ids.ts';
import { nextTask } from '../core/next-task.ts';
import { frozen } from '../testing/frozen.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { MemoryLocks } from '../testing/memory-locks.ts';
import { MemoryRecordStore } from '../testing/memory-record-store.ts';
import { InstallQueue } from './install-queue.ts';
import type { OnBytes } from './model-library.ts';
import { WantedModels } from './wanted-models.ts';

const quiet = (): void => undefined;
const never = new AbortController().signal;
const ids = ['a', 'b', 'c'].map((name) => `${name}@1` as ModelId);
const [a, b, c] = ids as [ModelId, ModelId, ModelId];

interface Running {
	readonly model: ModelId;
	readonly onBytes: OnBytes;
	readonly end: PromiseWithResolvers<undefined>;
}

let wanted: WantedModels;
let locks: MemoryLocks;
let started: Running[];
let queue: InstallQueue;

function tab(): InstallQueue {
	return new InstallQueue({
		...{ wanted, locks, onChange: quiet },
		install: async (model, onBytes, signal) => {
			const end = Promise.withResolvers<undefined>();
			signal.addEventListener('abort', () => end.reject(new AppError('cancelled')));
			started.push({ model, onBytes, end });
			await end.promise;
		}
	});
}

beforeEach(async () => {
	wanted = new WantedModels({ records: new MemoryRecordStore(), clock: new ManualClock(0) });
	locks = new MemoryLocks();
	started = [];
	for (const name of ['a', 'b', 'c']) await wanted.ask(frozen(name, '1', [1]));
	queue = tab();
});

const names = (): ModelId[] => started.map(({ model }) => model);

describe('order', () => {
	test('one download after another, in the order of the queue, not of the calls', async () => {
		const all = [c, a, b].map((model) => queue.run(model, quiet, never));
		for (const expected of [[a], [a, b], [a, b, c]]) {
			await nextTask();
			expect(names()).toEqual(expected);
			started.at(-1)!.end.resolve(undefined);
		}
		await expect(Promise.all(all)).resolves.toHaveLength(3);
	});

	test('a place that was changed meanwhile counts', async () => {
		for (const model of [a, b, c]) void queue.run(model, quiet, never);
		await nextTask();
		await wanted.move(c, 'earlier');
		started[0]!.end.resolve(undefined);
		await nextTask();
		expect(names()).toEqual([a, c]);
	});

	test('another tab waits for the download of this one', async () => {
		void queue.run(a, quiet, never);
		await nextTask();
		const other = tab().run(b, quiet, never);
		await nextTask();
		expect(names()).toEqual([a]);
		started[0]!.end.resolve(undefined);
		await nextTask();
		expect(names()).toEqual([a, b]);
		started[1]!.end.resolve(undefined);
		await expect(other).resolves.toBeUndefined();
	});

	test('one that fails does not hold up the next', async () => {
		const first = queue.run(a, quiet, never);
		const second = queue.run(b, quiet, never);
		await nextTask();
		started[0]!.end.reject(new AppError('download/stalled'));
		await expect(first).rejects.toMatchObject({ code: 'download/stalled' });
		await nextTask();
		started[1]!.end.resolve(undefined);
		await expect(second).resolves.toBeUndefined();
		expect(await wanted.get(a)).toMatchObject({
			paused: true,
			error: { code: 'download/stalled', advice: 'Resume it.' }
		});
	});

	test('a model that nobody wants any more is not downloaded', async () => {
		const gone = 'gone@1' as ModelId;
		await expect(queue.run(gone, quiet, never)).rejects.toMatchObject({ code: 'cancelled' });
		expect(started).toEqual([]);
	});
});

describe('callers', () => {
	test('share one download and all hear of its bytes', async () => {
		const heard = [vi.fn<OnBytes>(), vi.fn<OnBytes>()];
		const both = heard.map((onBytes) => queue.run(a, onBytes, never));
		await nextTask();
		expect(names()).toEqual([a]);
		started[0]!.onBytes(3, 9);
		started[0]!.end.resolve(undefined);
		await Promise.all(both);
		for (const onBytes of heard) expect(onBytes.mock.calls).toEqual([[3, 9]]);
	});

	test('one that leaves does not stop it for the others', async () => {
		const leaving = new AbortController();
		const first = queue.run(a, quiet, leaving.signal);
		const second = queue.run(a, quiet, never);
		await nextTask();
		leaving.abort();
		await expect(first).rejects.toMatchObject({ code: 'cancelled' });
		expect(queue.isRunning(a)).toBe(true);
		started[0]!.end.resolve(undefined);
		await expect(second).resolves.toBeUndefined();
	});

	test('the last one that leaves stops it, and it is paused without an error', async () => {
		const leaving = new AbortController();
		const run = queue.run(a, quiet, leaving.signal);
		await nextTask();
		leaving.abort();
		await expect(run).rejects.toMatchObject({ code: 'cancelled' });
		expect(await wanted.get(a)).toMatchObject({ paused: true, error: null });
		expect(queue.has(a)).toBe(false);
	});

	test('a call whose signal was aborted before does nothing', async () => {
		await expect(queue.run(a, quiet, AbortSignal.abort())).rejects.toMatchObject({
			code: 'cancelled'
		});
		await nextTask();
		expect(started).toEqual([]);
	});
});

describe('stop', () => {
	test('ends a running download and waits until it has ended', async () => {
		const run = queue.run(a, quiet, never);
		await nextTask();
		await queue.stop(a);
		expect(await wanted.get(a)).toMatchObject({ paused: true });
		await expect(run).rejects.toMatchObject({ code: 'cancelled' });
	});

	test('takes a waiting one out of the queue at once', async () => {
		void queue.run(a, quiet, never);
		const waiting = queue.run(b, quiet, never);
		await nextTask();
		await queue.stop(b);
		await expect(waiting).rejects.toMatchObject({ code: 'cancelled' });
		expect(names()).toEqual([a]);
		expect(queue.isRunning(a)).toBe(true);
	});

	test('of a model that is not in the queue does nothing', async () => {
		await expect(queue.stop(c)).resolves.toBeUndefined();
	});
});

test('records that cannot be read end every wait with the reason', async () => {
	vi.spyOn(wanted, 'queue').mockRejectedValue(new AppError('storage/version-newer'));
	await expect(queue.run(a, quiet, never)).rejects.toMatchObject({ code: 'storage/version-newer' });
});
