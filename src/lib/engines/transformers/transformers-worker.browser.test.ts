import { expect, onTestFinished, test } from 'vitest';
import TinyBertWorker from '../../testing/tiny-bert.worker.ts?worker';

interface Reply {
	readonly vector?: Float32Array;
	readonly urls?: readonly string[];
	readonly error?: string;
}

test('a module worker loads the runtime from our own origin alone, and embeds', async () => {
	const worker = new TinyBertWorker();
	onTestFinished(() => worker.terminate());
	const reply = await new Promise<Reply>((resolve) => {
		worker.onmessage = ({ data }: MessageEvent<Reply>) => resolve(data);
		worker.postMessage('the river flows to the sea');
	});
	expect(reply.error).toBeUndefined();
	expect(reply.vector).toHaveLength(64);
	const hosts = reply.urls?.map((url) => new URL(url).host) ?? [];
	expect(new Set(hosts)).toEqual(new Set([location.host]));
	expect(reply.urls?.some((url) => url.includes('ort-wasm-simd-threaded.jspi.wasm'))).toBe(true);
});
