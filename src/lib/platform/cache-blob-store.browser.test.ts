import { afterEach, describe, expect, test, vi } from 'vitest';
import { cdp } from 'vitest/browser';
import { newId } from '../core/ids.ts';
import { describeBlobStore } from '../testing/contracts/blob-store.ts';
import { InlineWorker } from '../testing/inline-worker.ts';
import { CacheBlobStore } from './cache-blob-store.ts';

function make() {
	const name = `test-${newId()}`;
	const close = async () => {
		await caches.delete(name);
	};
	return { store: new CacheBlobStore(name), name, close };
}

describeBlobStore('CacheBlobStore', make);

describe('CacheBlobStore', () => {
	let open: ReturnType<typeof make> | undefined;
	const setUp = () => (open = make());

	afterEach(async () => {
		await open?.close();
		open = undefined;
	});

	test('keeps the length beside the bytes', async () => {
		const { store, name } = setUp();
		await store.put('a', new Uint8Array(1234));
		const [request] = await (await caches.open(name)).keys();
		const entry = await caches.match(request!);
		expect(entry?.headers.get('content-length')).toBe('1234');
	});

	test('names entries by a host that cannot exist', async () => {
		const { store, name } = setUp();
		await store.put('sha256/ab', new Uint8Array(1));
		const requests = await (await caches.open(name)).keys();
		expect(requests.map(({ url }) => new URL(url).host)).toEqual(['blobs.invalid']);
	});

	test('writes an entry once, also when two puts of its key meet', async () => {
		const { store } = setUp();
		const put = vi.spyOn(Cache.prototype, 'put');
		const body = new Uint8Array(1);
		await Promise.all([store.put('a', body), store.put('a', body), store.put('b', body)]);
		await store.put('a', body);
		expect(put).toHaveBeenCalledTimes(2);
		put.mockRestore();
	});

	test('writes into a new cache when the old one was deleted meanwhile', async () => {
		const { store, name } = setUp();
		await store.put('a', new Uint8Array(1));
		await caches.delete(name);
		await store.put('b', new Uint8Array(1));
		expect(await store.keys('')).toEqual(['b']);
	});

	test('keeps two stores apart', async () => {
		const first = setUp();
		const second = make();
		await first.store.put('a', new Uint8Array(1));
		expect(await second.store.has('a')).toBe(false);
		await second.close();
	});

	test('rejects with `storage/quota` where there is no room, and keeps what was there', async () => {
		const { store } = setUp();
		await store.put('small', new Uint8Array([1]));
		const origin = location.origin;
		await cdp().send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 1_000_000 });
		try {
			const large = crypto.getRandomValues(new Uint8Array(60_000));
			const body = new Uint8Array(6_000_000).map((_, i) => large[i % 60_000] ?? 0);
			await expect(store.put('large', body)).rejects.toMatchObject({ code: 'storage/quota' });
		} finally {
			await cdp().send('Storage.overrideQuotaForOrigin', { origin });
		}
		expect(await store.keys('')).toEqual(['small']);
	});

	test('has no room beyond the quota where it can find out, in a worker', async () => {
		const worker = new InlineWorker(
			new URL('./cache-blob-store.ts', import.meta.url),
			'({ CacheBlobStore }, bytes) => new CacheBlobStore().hasRoom(bytes)'
		);
		const { origin } = location;
		const { usage = 0 } = await navigator.storage.estimate();
		await cdp().send('Storage.overrideQuotaForOrigin', { origin, quotaSize: usage + 10_000_000 });
		try {
			expect([await worker.ask(5_000_000), await worker.ask(15_000_000)]).toEqual([true, false]);
		} finally {
			await cdp().send('Storage.overrideQuotaForOrigin', { origin });
			worker.close();
		}
	});
});
