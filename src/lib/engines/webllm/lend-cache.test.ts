import { expect, test } from 'vitest';
import { memoryModelFiles } from '../../testing/memory-model-files.ts';
import { lendCache } from './lend-cache.ts';
import { ModelCache } from './model-cache.ts';

class Storage {
	readonly #caches = new Map<string, object>();

	open(name: string): Promise<Cache> {
		const cache = this.#caches.get(name) ?? { name };
		this.#caches.set(name, cache);
		return Promise.resolve(cache as Cache);
	}
}

const modelCache = (): ModelCache =>
	new ModelCache({ files: memoryModelFiles(new Map()), library: '' });

test.each(['webllm/config', 'webllm/wasm', 'webllm/model'])('%s is ours', async (name) => {
	const storage = new Storage();
	const cache = modelCache();
	lendCache(cache, storage);
	expect(await storage.open(name)).toBe(cache);
});

test('all other caches are as they were', async () => {
	const storage = new Storage();
	const before = await storage.open('sam-models');
	lendCache(modelCache(), storage);
	expect(await storage.open('sam-models')).toBe(before);
});

test('taken away, the runtime is on its own again, and nothing is left behind', async () => {
	const storage = new Storage();
	const cache = modelCache();
	lendCache(cache, storage)();
	expect(await storage.open('webllm/model')).not.toBe(cache);
	expect(Object.hasOwn(storage, 'open')).toBe(false);
});

test('taking an earlier one away leaves a later one in place', async () => {
	const storage = new Storage();
	const later = modelCache();
	const takeAway = lendCache(modelCache(), storage);
	lendCache(later, storage);
	takeAway();
	expect(await storage.open('webllm/model')).toBe(later);
});

test('a page that has no caches says so', () => {
	expect(() => lendCache(modelCache(), undefined)).toThrow(
		expect.objectContaining({ code: 'storage/unavailable' })
	);
});
