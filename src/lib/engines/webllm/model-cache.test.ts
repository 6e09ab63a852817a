import { describe, expect, test } from 'vitest';
import type { ModelFiles } from '../engine-contract.ts';
import { fakeMlcFiles } from '../../testing/fake-mlc-model.ts';
import { memoryModelFiles } from '../../testing/memory-model-files.ts';
import { ModelCache } from './model-cache.ts';

const library = 'model.wasm';
const at = (path: string): Request => new Request(ModelCache.modelUrl + path);
const textOf = async (cache: ModelCache, request: Request | string) =>
	(await cache.match(request))?.text();

function cacheOf(
	files: ModelFiles = memoryModelFiles(fakeMlcFiles('generate'), 300),
	rest: object = {}
): ModelCache {
	return new ModelCache({ files, library, ...rest });
}

/** One file of that text, which says that it has so many bytes. */
function file(path: string, bytes: number, text: string): ModelFiles {
	const body = (): ReadableStream<Uint8Array<ArrayBuffer>> => new Response(text).body!;
	const open = (): Promise<{ bytes: number; body: ReturnType<typeof body> }> =>
		Promise.resolve({ bytes, body: body() });
	return { paths: [path], open };
}

describe('what WebLLM asks for', () => {
	test('is answered with the file of that path, and the library under a name of its own', async () => {
		const cache = cacheOf();
		expect(await textOf(cache, at('params_shard_0.bin'))).toBe('w'.repeat(1000));
		expect(await textOf(cache, ModelCache.libraryUrl)).toBe('compiled');
	});

	test('is listed by its whole address', async () => {
		const keys = (await cacheOf().keys()).map(({ url }) => url);
		expect(keys).toContain(`${ModelCache.modelUrl}params_shard_1.bin`);
		expect(keys).toContain(ModelCache.libraryUrl);
	});

	test('is the list of weights by its newer name, whatever it is called', async () => {
		const files = new Map([['ndarray-cache.json', new TextEncoder().encode('older')]]);
		expect(await textOf(cacheOf(memoryModelFiles(files)), at('tensor-cache.json'))).toBe('older');
		files.set('tensor-cache.json', new TextEncoder().encode('newer'));
		expect(await textOf(cacheOf(memoryModelFiles(files)), at('tensor-cache.json'))).toBe('newer');
	});

	test('is given in other words where that was asked for', async () => {
		const replaced = new Map([['tokenizer.json', '{}']]);
		expect(await textOf(cacheOf(undefined, { replaced }), at('tokenizer.json'))).toBe('{}');
	});

	test('never has an address that the runtime would go to the network for', () => {
		expect(ModelCache.libraryUrl).toMatch(/^https:\/\/[^/]+\.invalid\//);
		expect(ModelCache.libraryUrl).not.toContain('localhost');
		expect(ModelCache.modelUrl).toMatch(/.+\/resolve\/.+\//);
	});
});

describe('a file', () => {
	test('is opened only when it is read, and its bytes are counted', async () => {
		const opened: string[] = [];
		const read: [string, number][] = [];
		const stored = memoryModelFiles(fakeMlcFiles('generate'), 300);
		const open = (path: string): ReturnType<ModelFiles['open']> => {
			opened.push(path);
			return stored.open(path);
		};
		const files: ModelFiles = { paths: stored.paths, open };
		const onRead = (path: string, bytes: number): void => void read.push([path, bytes]);
		const cache = cacheOf(files, { onRead });
		await cache.match(at('params_shard_0.bin'));
		expect(opened).toEqual([]);
		await textOf(cache, at('params_shard_0.bin'));
		expect(opened).toEqual(['params_shard_0.bin']);
		expect(read.map(([, bytes]) => bytes)).toEqual([300, 600, 900, 1000]);
	});

	test('that is not here is missing, by name, and nothing is fetched for it', async () => {
		const cache = cacheOf();
		expect(await cache.match(at('params_shard_9.bin'))).toBeUndefined();
		const missing = { code: 'storage/missing', details: { what: 'params_shard_9.bin' } };
		await expect(cache.add(at('params_shard_9.bin'))).rejects.toMatchObject(missing);
		await expect(cache.failure).rejects.toMatchObject(missing);
	});

	test.each([
		['ends early', 9, 'abcdef'],
		['does not end', 4, 'abcdef']
	])('that %s is damaged', async (_, bytes, text) => {
		const cache = cacheOf(file('a.bin', bytes, text));
		await expect(textOf(cache, at('a.bin'))).rejects.toThrow();
		await expect(cache.failure).rejects.toMatchObject({
			code: 'storage/corrupt',
			details: { what: 'a.bin' }
		});
	});

	test('that cannot be opened tells why by a way of its own', async () => {
		const open = (): Promise<never> => Promise.reject(new Error('the disk is gone'));
		const cache = cacheOf({ paths: ['a.bin'], open });
		await expect(textOf(cache, at('a.bin'))).rejects.toThrow();
		await expect(cache.failure).rejects.toThrow('the disk is gone');
	});
});

describe('closed', () => {
	test('it answers nothing, so that a load ends', async () => {
		const cache = cacheOf();
		const begun = await cache.match(at('params_shard_0.bin'));
		cache.close();
		await expect(cache.match(at('tokenizer.json'))).rejects.toMatchObject({ code: 'cancelled' });
		await expect(begun!.text()).rejects.toThrow();
	});

	test('it deletes nothing at any time', async () => {
		const cache = cacheOf();
		expect(await cache.delete()).toBe(false);
		expect(await textOf(cache, at('params_shard_0.bin'))).toHaveLength(1000);
	});
});
