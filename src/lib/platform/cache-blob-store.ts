import type { BlobStore, StorageEstimate } from '../ports/blob-store.ts';
import { probeRoom } from './probe-room.ts';
import { translateStorageError } from './translate-storage-error.ts';

/** Cache entries are named by URL. This host can never exist, so no real request ever matches. */
const keyUrl = 'https://blobs.invalid/?';

/** Parts as entries of one cache in Cache Storage. */
export class CacheBlobStore implements BlobStore {
	readonly #cacheName: string;
	readonly #puts = new Map<string, Promise<void>>();

	constructor(cacheName = 'sam-models') {
		this.#cacheName = cacheName;
	}

	/** Two puts of one key at the same moment are one: replacing an entry could lose it in a crash. */
	put(key: string, body: Uint8Array<ArrayBuffer>): Promise<void> {
		const running = this.#puts.get(key);
		if (running) return running;
		const put = this.#put(key, body).finally(() => this.#puts.delete(key));
		this.#puts.set(key, put);
		return put;
	}

	stream(key: string): Promise<ReadableStream<Uint8Array<ArrayBuffer>> | undefined> {
		return this.#run(async (cache) => {
			const entry = await cache.match(toUrl(key));
			return entry && (entry.body ?? new Blob().stream());
		});
	}

	has(key: string): Promise<boolean> {
		return this.#run(async (cache) => (await cache.match(toUrl(key))) !== undefined);
	}

	keys(prefix: string): Promise<string[]> {
		return this.#run(async (cache) => {
			const keys = (await cache.keys()).map(({ url }) => toKey(url));
			return keys.filter((key) => key.startsWith(prefix));
		});
	}

	async delete(key: string): Promise<void> {
		await this.#run((cache) => cache.delete(toUrl(key)));
	}

	async estimate(): Promise<StorageEstimate> {
		const { usage = 0, quota = 0 } = await navigator.storage.estimate();
		return { usage, quota, persisted: await navigator.storage.persisted() };
	}

	async hasRoom(bytes: number): Promise<boolean> {
		if (bytes <= 0) return true;
		const room = await probeRoom(bytes);
		if (room !== undefined) return room;
		try {
			const { usage, quota } = await this.estimate();
			return quota - usage >= bytes;
		} catch {
			return true;
		}
	}

	async persist(): Promise<boolean> {
		const storage = navigator.storage as MaybePersist;
		// Only a page may ask. A worker can tell what was answered.
		return storage.persist ? storage.persist() : storage.persisted();
	}

	#put(key: string, body: Uint8Array<ArrayBuffer>): Promise<void> {
		return this.#run(async (cache) => {
			const url = toUrl(key);
			if (await cache.match(url)) return;
			const headers = {
				'content-type': 'application/octet-stream',
				'content-length': String(body.byteLength)
			};
			// As a blob it would be faster, but stay in the browser's memory until the garbage collector runs here.
			await cache.put(url, new Response(body, { headers }));
		});
	}

	/** Opens the cache each time: a held one that was deleted meanwhile would swallow what is put into it. */
	async #run<T>(work: (cache: Cache) => Promise<T>): Promise<T> {
		try {
			return await work(await caches.open(this.#cacheName));
		} catch (error) {
			throw translateStorageError(error);
		}
	}
}

interface MaybePersist {
	persist?(): Promise<boolean>;
	persisted(): Promise<boolean>;
}

function toUrl(key: string): string {
	return keyUrl + encodeURIComponent(key);
}

function toKey(url: string): string {
	return decodeURIComponent(url.slice(keyUrl.length));
}
