import { describe, expect, test } from 'vitest';
import { PushStream } from './push-stream.ts';

describe('PushStream', () => {
	test('gives a late reader everything in order', async () => {
		const stream = new PushStream<number>();
		stream.push(1);
		stream.push(2);
		stream.close();
		expect(await Array.fromAsync(stream)).toEqual([1, 2]);
	});

	test('wakes a reader that waits', async () => {
		const stream = new PushStream<string>();
		const reading = Array.fromAsync(stream);
		await Promise.resolve();
		stream.push('a');
		await Promise.resolve();
		stream.push('b');
		stream.close();
		expect(await reading).toEqual(['a', 'b']);
	});

	test('gives what came before an error, then the error', async () => {
		const stream = new PushStream<number>();
		const seen: number[] = [];
		stream.push(1);
		stream.fail(new Error('cut'));
		const reading = (async () => {
			for await (const item of stream) seen.push(item);
		})();
		await expect(reading).rejects.toThrow('cut');
		expect(seen).toEqual([1]);
	});

	test('carries items that are false', async () => {
		const stream = new PushStream<number | null>();
		stream.push(0);
		stream.push(null);
		stream.close();
		expect(await Array.fromAsync(stream)).toEqual([0, null]);
	});
});
