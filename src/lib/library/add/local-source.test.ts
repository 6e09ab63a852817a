import { beforeEach, describe, expect, test } from 'vitest';
import type { ModelId } from '../../core/ids.ts';
import { readAll } from '../../testing/read-all.ts';
import { ScriptedRangeSource } from '../../testing/scripted-range-source.ts';
import { localSource } from './local-source.ts';
import { localUrl } from './local-url.ts';
import type { LocalFile } from './model-address.ts';

const id = 'local-mini-q8@local-0123456789ab' as ModelId;
const body = Uint8Array.from({ length: 200_000 }, (_, i) => i % 251);
const { signal } = new AbortController();

let files: Map<string, LocalFile>;
let network: ScriptedRangeSource;

const source = () =>
	localSource(network, { file: (model, path) => (model === id ? files.get(path) : undefined) });
const read = (range: { from: number; until?: number }, path = 'a b.bin') =>
	source().read(localUrl(id, path), range, signal);

beforeEach(() => {
	const file = new File([body], 'a b.bin', { lastModified: 1234 });
	files = new Map([['a b.bin', { path: 'a b.bin', file }]]);
	network = new ScriptedRangeSource();
});

describe('a local file', () => {
	test('is read whole, with its size and a mark of its version', async () => {
		const reply = await read({ from: 0 });
		expect(reply).toMatchObject({
			...{ from: 0, total: 200_000, contentType: null },
			validator: 'a b.bin 200000 1234'
		});
		expect(await readAll(reply.body)).toEqual(body);
	});

	test('is read from a byte, and up to one', async () => {
		const rest = await read({ from: 199_990 });
		expect(rest.from).toBe(199_990);
		expect(await readAll(rest.body)).toEqual(body.slice(199_990));
		const middle = await read({ from: 5, until: 9 });
		expect(await readAll(middle.body)).toEqual(body.slice(5, 9));
	});

	test('never asks the network', async () => {
		await readAll((await read({ from: 0 })).body);
		expect(network.reads).toEqual([]);
	});

	test('is asked for again when nobody gave it since the page was loaded', async () => {
		files.clear();
		await expect(read({ from: 0 })).rejects.toMatchObject({
			code: 'add/files-needed',
			details: { name: id }
		});
	});

	test('that changed or vanished meanwhile is named', async () => {
		const gone = new File([body], 'a b.bin');
		gone.slice = () =>
			({
				stream: () =>
					new ReadableStream({
						pull: (controller) => controller.error(new DOMException('gone', 'NotReadableError'))
					})
			}) as Blob;
		files.set('a b.bin', { path: 'a b.bin', file: gone });
		await expect(readAll((await read({ from: 0 })).body)).rejects.toMatchObject({
			code: 'add/wrong-files',
			details: { reason: 'a b.bin has been changed, moved or deleted since it was chosen' }
		});
	});

	test('is not read once nobody wants it any more', async () => {
		const stop = new AbortController();
		const reply = await source().read(localUrl(id, 'a b.bin'), { from: 0 }, stop.signal);
		stop.abort();
		// What had been read ahead still arrives.
		await expect(readAll(reply.body)).rejects.toMatchObject({ code: 'cancelled' });
		const late = source().read(localUrl(id, 'a b.bin'), { from: 0 }, stop.signal);
		await expect(late).rejects.toMatchObject({ code: 'cancelled' });
	});
});

test('any other address is read from the network', async () => {
	network.serve('https://a.test/b.bin', { body: body.slice(0, 10) });
	const reply = await source().read('https://a.test/b.bin', { from: 2, until: 5 }, signal);
	expect(await readAll(reply.body)).toEqual(body.slice(2, 5));
});
