import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { BlobStore } from '../../ports/blob-store.ts';
import { readAll } from '../read-all.ts';

export interface BlobStoreUnderTest {
	/** Empty. */
	readonly store: BlobStore;
	readonly close?: () => Promise<void>;
}

/** The promises of `BlobStore`, checked on one implementation. */
export function describeBlobStore(
	name: string,
	make: () => BlobStoreUnderTest | Promise<BlobStoreUnderTest>
): void {
	describe(`${name} as a BlobStore`, () => {
		let subject: BlobStoreUnderTest;
		let store: BlobStore;

		beforeEach(async () => {
			subject = await make();
			store = subject.store;
		});
		afterEach(() => subject.close?.());

		const bytes = (...values: number[]) => new Uint8Array(values);
		const read = async (key: string) => {
			const stream = await store.stream(key);
			return stream && [...(await readAll(stream))];
		};

		test('gives back what was put, as a stream', async () => {
			await store.put('a', bytes(1, 2, 3));
			expect(await read('a')).toEqual([1, 2, 3]);
		});

		test('gives back a part of a megabyte whole', async () => {
			const body = Uint8Array.from({ length: 1_000_001 }, (_, i) => (i * 7) % 251);
			await store.put('large', body);
			expect(await readAll((await store.stream('large'))!)).toEqual(body);
		});

		test('keeps an empty part', async () => {
			await store.put('empty', bytes());
			expect(await store.has('empty')).toBe(true);
			expect(await read('empty')).toEqual([]);
		});

		test('can be read twice, and at the same time', async () => {
			await store.put('a', bytes(7));
			expect(await Promise.all([read('a'), read('a')])).toEqual([[7], [7]]);
		});

		test('knows nothing of a key that was never put', async () => {
			expect(await store.has('ghost')).toBe(false);
			expect(await store.stream('ghost')).toBeUndefined();
		});

		test('never overwrites', async () => {
			await store.put('a', bytes(1));
			await store.put('a', bytes(2));
			expect(await read('a')).toEqual([1]);
		});

		test('writes one of two puts at the same moment', async () => {
			await Promise.all([store.put('a', bytes(1)), store.put('a', bytes(1))]);
			expect(await read('a')).toEqual([1]);
			expect(await store.keys('')).toEqual(['a']);
		});

		test('does not follow changes to the bytes that were put', async () => {
			const body = bytes(1);
			const put = store.put('a', body);
			await put;
			body[0] = 9;
			expect(await read('a')).toEqual([1]);
		});

		test('takes any text as a key', async () => {
			const keys = ['sha256/ab/0', '..', './x', 'ä € 😀', 'a?b#c', "it's 100%", '%2F'];
			for (const [i, key] of keys.entries()) await store.put(key, bytes(i));
			expect((await store.keys('')).sort()).toEqual([...keys].sort());
			for (const [i, key] of keys.entries()) expect(await read(key)).toEqual([i]);
		});

		test('lists the keys with a prefix', async () => {
			for (const key of ['a/1', 'a/2', 'ab/1', 'b/1']) await store.put(key, bytes(1));
			expect((await store.keys('a/')).sort()).toEqual(['a/1', 'a/2']);
			expect(await store.keys('c')).toEqual([]);
		});

		test('deletes, does not mind a second time, and takes the key anew', async () => {
			await store.put('a', bytes(1));
			await store.delete('a');
			await store.delete('a');
			expect(await store.has('a')).toBe(false);
			await store.put('a', bytes(2));
			expect(await read('a')).toEqual([2]);
		});

		test('estimates the room in bytes', async () => {
			const { usage, quota, persisted } = await store.estimate();
			expect(usage).toBeGreaterThanOrEqual(0);
			expect(quota).toBeGreaterThan(0);
			expect(persisted).toBeTypeOf('boolean');
		});

		test('has room for a little, and for nothing at all', async () => {
			expect(await store.hasRoom(1000)).toBe(true);
			expect(await store.hasRoom(0)).toBe(true);
		});

		test('has no room for more than any disk holds', async () => {
			expect(await store.hasRoom(2 ** 52)).toBe(false);
		});

		test('looks for room without leaving a trace', async () => {
			await store.put('a', bytes(1));
			const before = await store.estimate();
			await Promise.all([store.hasRoom(50_000_000), store.hasRoom(70_000_000)]);
			expect((await store.estimate()).usage).toBe(before.usage);
			expect(await store.keys('')).toEqual(['a']);
		});

		test('answers whether it may persist', async () => {
			const agreed = await store.persist();
			expect((await store.estimate()).persisted).toBe(agreed);
		});
	});
}
