import { describe, expect, it } from 'vitest';
import { AppError } from '../../core/errors.ts';
import { memoryModelFiles } from '../../testing/memory-model-files.ts';
import type { ModelFiles } from '../engine-contract.ts';
import { FileCache } from './file-cache.ts';

const bytes = new TextEncoder().encode('{"model_type":"bert"}');
const files = memoryModelFiles(new Map([['config.json', bytes]]), 8);
const urlOf = (path: string): string => `https://model-store.invalid/model-1/${path}`;

/** Files whose only file claims another size than it has. */
const claiming = (claimed: number): ModelFiles => ({
	...files,
	open: async (path) => {
		const file = await files.open(path);
		return file && { ...file, bytes: claimed };
	}
});

describe('FileCache', () => {
	it.each([urlOf('config.json'), '/models/model-1/config.json'])(
		'answers %s with the file and its exact length',
		async (key) => {
			const response = await new FileCache('model-1', files).match(key);
			expect(response?.headers.get('content-length')).toBe(String(bytes.byteLength));
			expect(await response?.json()).toEqual({ model_type: 'bert' });
		}
	);

	it('tells how much of a file has been read, piece by piece', async () => {
		const seen: number[] = [];
		const cache = new FileCache('model-1', files, (path, read) => {
			expect(path).toBe('config.json');
			seen.push(read);
		});
		await (await cache.match(urlOf('config.json')))?.arrayBuffer();
		expect(seen).toEqual([8, 16, bytes.byteLength]);
	});

	it('reads nothing before it is asked to', async () => {
		const seen: number[] = [];
		await new FileCache('model-1', files, (_, read) => seen.push(read)).match(urlOf('config.json'));
		expect(seen).toEqual([]);
	});

	it('knows no other model', async () => {
		const cache = new FileCache('model-1', files);
		expect(await cache.match('https://model-store.invalid/model-2/config.json')).toBeUndefined();
	});

	it('shrugs at an optional file, but fails for one that every model has', async () => {
		const cache = new FileCache('model-1', files);
		expect(await cache.match(urlOf('generation_config.json'))).toBeUndefined();
		expect(await cache.match(urlOf('onnx/model.onnx_data'))).toBeUndefined();
		await expect(cache.failure).rejects.toMatchObject({
			code: 'storage/missing',
			details: { what: 'onnx/model.onnx_data' }
		});
	});

	it.each([
		['shorter', bytes.byteLength + 1],
		['longer', bytes.byteLength - 1]
	])('fails for a file that is %s than it claims', async (_, claimed) => {
		const cache = new FileCache('model-1', claiming(claimed));
		const response = await cache.match(urlOf('config.json'));
		await expect(response?.arrayBuffer()).rejects.toMatchObject({ code: 'storage/corrupt' });
		await expect(cache.failure).rejects.toMatchObject({ code: 'storage/corrupt' });
	});

	it('lets out a failure to open, which the runtime would keep to itself', async () => {
		const open = () => Promise.reject(new AppError('storage/unavailable'));
		const cache = new FileCache('model-1', { paths: [], open });
		await expect(cache.match(urlOf('config.json'))).rejects.toThrow();
		await expect(cache.failure).rejects.toMatchObject({ code: 'storage/unavailable' });
	});

	it('refuses to keep what came from elsewhere', async () => {
		const put = new FileCache('model-1', files).put(urlOf('config.json'));
		await expect(put).rejects.toMatchObject({ code: 'bug' });
	});
});
