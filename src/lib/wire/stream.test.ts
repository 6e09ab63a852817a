import { describe, expect, test } from 'vitest';
import { AppError } from '../core/errors.ts';
import { nextTask } from '../core/next-task.ts';
import { receiveStream } from './receive-stream.ts';
import { sendStream } from './send-stream.ts';

async function collect<T>(stream: AsyncIterable<T>): Promise<T[]> {
	const items: T[] = [];
	for await (const item of stream) items.push(item);
	return items;
}

/** Yields 1, 2, 3 … in tasks of their own, and never ends by itself. */
async function* forever(): AsyncGenerator<number> {
	for (let n = 1; ; n++) {
		await nextTask();
		yield n;
	}
}

function closed(port: MessagePort): Promise<unknown> {
	return new Promise((resolve) => port.addEventListener('close', resolve));
}

describe('a stream over a port', () => {
	test('delivers every item in order, then ends, and both ports are closed', async () => {
		const { port1, port2 } = new MessageChannel();
		const bothClosed = Promise.all([closed(port1), closed(port2)]);
		const sent = sendStream([1, 2, 3], port1);
		expect(await collect(receiveStream(port2))).toEqual([1, 2, 3]);
		await expect(sent).resolves.toBeUndefined();
		await expect(bothClosed).resolves.toHaveLength(2);
	});

	test('delivers an empty stream as an end', async () => {
		const { port1, port2 } = new MessageChannel();
		void sendStream([], port1);
		expect(await collect(receiveStream(port2))).toEqual([]);
	});

	test('sends what is there at once in one message', async () => {
		const { port1, port2 } = new MessageChannel();
		const messages: unknown[] = [];
		const over = closed(port2);
		port2.onmessage = ({ data }) => messages.push(data);
		await sendStream(['a', 'b', 'c'], port1);
		await over;
		expect(messages).toEqual([{ type: 'items', items: ['a', 'b', 'c'] }, { type: 'end' }]);
	});

	test('sends an item before the next one is there, even if the producer never leaves its task', async () => {
		const { port1, port2 } = new MessageChannel();
		const messages: unknown[] = [];
		port2.onmessage = ({ data }) => messages.push(data);
		const over = closed(port2);
		async function* inOneTask(): AsyncGenerator<number> {
			for (const n of [1, 2]) {
				for (let tick = 0; tick < 10; tick++) await Promise.resolve();
				yield n;
			}
		}
		await sendStream(inOneTask(), port1);
		await over;
		expect(messages.slice(0, 2)).toEqual([
			{ type: 'items', items: [1] },
			{ type: 'items', items: [2] }
		]);
	});

	test('sends the first item at once, and what follows within a frame together', async () => {
		const { port1, port2 } = new MessageChannel();
		const messages: unknown[] = [];
		port2.onmessage = ({ data }) => messages.push(data);
		const over = closed(port2);
		async function* inOneTask(): AsyncGenerator<number> {
			for (const n of [1, 2, 3, 4]) {
				for (let tick = 0; tick < 10; tick++) await Promise.resolve();
				yield n;
			}
		}
		await sendStream(inOneTask(), port1);
		await over;
		expect(messages).toEqual([
			{ type: 'items', items: [1] },
			{ type: 'items', items: [2, 3, 4] },
			{ type: 'end' }
		]);
	});

	test('never holds an item back for the next one, once the producer leaves its task', async () => {
		const { port1, port2 } = new MessageChannel();
		const seen: number[] = [];
		async function* pausing(): AsyncGenerator<number> {
			yield 1;
			yield 2;
			await expect.poll(() => seen).toEqual([1, 2]);
			yield 3;
		}
		void sendStream(pausing(), port1);
		for await (const item of receiveStream<number>(port2)) seen.push(item);
		expect(seen).toEqual([1, 2, 3]);
	});

	test('delivers what came before an error, then the error with its code', async () => {
		const { port1, port2 } = new MessageChannel();
		async function* failing(): AsyncGenerator<string> {
			yield 'before';
			await nextTask();
			throw new AppError('engine/device-lost');
		}
		void sendStream(failing(), port1);
		const seen: string[] = [];
		const reading = (async () => {
			for await (const item of receiveStream<string>(port2)) seen.push(item);
		})();
		await expect(reading).rejects.toMatchObject({ code: 'engine/device-lost' });
		expect(seen).toEqual(['before']);
	});

	test('fails, and does not hang, on an item that cannot be cloned', async () => {
		const { port1, port2 } = new MessageChannel();
		const sent = sendStream([() => 'a function'], port1);
		await expect(collect(receiveStream(port2))).rejects.toMatchObject({ code: 'bug' });
		await expect(sent).resolves.toBeUndefined();
	});

	test('stops the producer when the consumer leaves', async () => {
		const { port1, port2 } = new MessageChannel();
		const sent = sendStream(forever(), port1);
		for await (const item of receiveStream<number>(port2)) if (item === 3) break;
		await expect(sent).resolves.toBeUndefined();
	});

	test("aborts the producer's signal when the consumer's does, and delivers its last words", async () => {
		const { port1, port2 } = new MessageChannel();
		const consumer = new AbortController();
		void sendStream(async function* (signal) {
			for await (const n of forever()) {
				if (signal.aborted) break;
				yield n;
			}
			yield -1;
		}, port1);
		const seen: number[] = [];
		for await (const n of receiveStream<number>(port2, consumer.signal)) {
			seen.push(n);
			if (n === 2) consumer.abort();
		}
		expect(seen.at(-1)).toBe(-1);
	});

	test('stops a source that knows no signal, and one whose consumer had aborted before', async () => {
		const { port1, port2 } = new MessageChannel();
		const sent = sendStream(forever(), port1);
		const items = await collect(receiveStream<number>(port2, AbortSignal.abort()));
		expect(items.length).toBeLessThan(3);
		await expect(sent).resolves.toBeUndefined();
	});

	test('fails with the call that feeds it', async () => {
		const { port2 } = new MessageChannel();
		const call = Promise.reject(new AppError('wire/worker-died', { details: { reason: 'x' } }));
		await expect(collect(receiveStream(port2, undefined, call))).rejects.toMatchObject({
			code: 'wire/worker-died'
		});
	});

	test('fails when the other end closes without a last word', async () => {
		const { port1, port2 } = new MessageChannel();
		const reading = collect(receiveStream(port2));
		port1.close();
		await expect(reading).rejects.toMatchObject({ code: 'wire/worker-died' });
	});
});
