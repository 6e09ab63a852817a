import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ModelId } from '../core/ids.ts';
import { BrowserConnectivity } from '../platform/browser-connectivity.ts';
import { CacheBlobStore } from '../platform/cache-blob-store.ts';
import { Database } from '../platform/database.ts';
import { FetchRangeSource } from '../platform/fetch-range-source.ts';
import { IdbRecordStore } from '../platform/idb-record-store.ts';
import { Sha256HasherFactory } from '../platform/sha256-hasher.ts';
import { SystemClock } from '../platform/system-clock.ts';
import { WebLocks } from '../platform/web-locks.ts';
import { bytesOf, fileBody, idIn, modelOf, neverAborted } from '../testing/library-world.ts';
import { WorkerHost } from '../wire/worker-host.ts';
import type { CatalogEntry } from './catalog/catalog-entry.ts';
import { LibraryClient } from './library-client.ts';
import type { LibraryService } from './library-service.ts';
import { ModelLibraryManager } from './model-library-manager.ts';
import { ModelStore } from './store/model-store.ts';

const name = 'alpha-in-the-browser';
const alpha = idIn(name);
const weights = fileBody(300_000);
const quiet = (): void => undefined;
const clock = new SystemClock();

let address: string;
let entry: CatalogEntry;

beforeEach(async () => {
	address = URL.createObjectURL(new Blob([weights]));
	const model = await modelOf(name, { 'weights.bin': weights });
	entry = { ...model, files: model.files.map((file) => ({ ...file, url: address })) };
});
afterEach(() => URL.revokeObjectURL(address));

describe('on real storage', () => {
	const database = new Database({ name: 'library-test' });
	const records = new IdbRecordStore(database);
	const blobs = new CacheBlobStore('library-test');

	afterEach(async () => {
		await database.close();
		indexedDB.deleteDatabase('library-test');
		await caches.delete('library-test');
	});

	const open = (): ModelLibraryManager =>
		new ModelLibraryManager({
			catalog: [entry],
			records,
			blobs,
			ranges: new FetchRangeSource(),
			hashers: new Sha256HasherFactory(),
			clock,
			locks: new WebLocks(),
			connectivity: new BrowserConnectivity(),
			baseUrl: location.href,
			partBytes: 65_536
		});

	async function read(library: ModelLibraryManager) {
		return bytesOf((await (await library.store.files(alpha)).open('weights.bin'))!.body);
	}

	test('a model is installed, read, verified and removed', async () => {
		const library = open();
		await library.install(alpha, quiet, neverAborted());
		expect(await blobs.keys('')).toHaveLength(5);
		expect(await read(library)).toEqual(weights);
		expect(await library.verify(alpha, quiet, neverAborted())).toBe(0);
		expect(await library.remove(alpha, [])).toBe(300_000);
		expect(await blobs.keys('')).toEqual([]);
	});

	test('a download that was stopped goes on in the next session', async () => {
		const stop = new AbortController();
		const stopAtHalf = (done: number): void => {
			if (done > 150_000) stop.abort();
		};
		await expect(open().install(alpha, stopAtHalf, stop.signal)).rejects.toMatchObject({
			code: 'cancelled'
		});
		const library = open();
		const [listing] = await library.listings();
		expect(listing?.state).toMatchObject({ at: 'paused', total: 300_000 });
		const heard: number[] = [];
		await library.install(alpha, (done) => heard.push(done), neverAborted());
		expect(heard[0]).toBeGreaterThanOrEqual(65_536);
		expect(await read(library)).toEqual(weights);
	});

	test('a part that the browser lost is found and fetched again', async () => {
		const library = open();
		await library.install(alpha, quiet, neverAborted());
		await blobs.delete(`${entry.files[0]!.sha256}/2`);
		expect(await library.verify(alpha, quiet, neverAborted())).toBe(1);
		expect(await read(library)).toEqual(weights);
	});
});

describe('in its worker', () => {
	const host = new WorkerHost<LibraryService>({
		name: 'library',
		spawn: () =>
			new Worker(new URL('../../workers/library.worker.ts', import.meta.url), { type: 'module' }),
		readyTimeoutMs: 30_000,
		sleep: (ms, signal) => clock.sleep(ms, signal)
	});
	let library: LibraryClient;

	beforeEach(() => {
		library = new LibraryClient({
			host,
			catalog: [entry],
			baseUrl: location.href,
			persist: () => new CacheBlobStore().persist()
		});
	});
	afterEach(async () => {
		await library.remove(alpha, []);
		host.terminate();
	});

	test('a model is installed with progress, seen from the page, and removed', async () => {
		const heard: number[] = [];
		const changed: ModelId[] = [];
		library.onChange((model) => changed.push(model));
		await library.install(alpha, (done) => heard.push(done), neverAborted());
		// The last report may be overtaken by the answer.
		expect(heard[0]).toBe(0);
		expect(await library.isInstalled(alpha)).toBe(true);
		await expect.poll(() => changed).toContain(alpha);

		const page = new ModelStore({
			records: new IdbRecordStore(new Database()),
			blobs: new CacheBlobStore()
		});
		const file = await (await page.files(alpha)).open('weights.bin');
		expect(await bytesOf(file!.body)).toEqual(weights);
		expect(await library.verify(alpha, quiet, neverAborted())).toBe(0);
		await expect(library.remove(alpha, ['the chat'])).rejects.toMatchObject({
			code: 'library/in-use'
		});
	});

	test('an abort on the page stops the download in the worker', async () => {
		const stop = new AbortController();
		stop.abort();
		await expect(library.install(alpha, quiet, stop.signal)).rejects.toMatchObject({
			code: 'cancelled'
		});
	});

	test('a worker that died is started anew by the next call', async () => {
		await library.install(alpha, quiet, neverAborted());
		host.terminate();
		expect(await library.isInstalled(alpha)).toBe(true);
		expect(await library.collectOrphans()).toBe(0);
		expect((await library.listings())[0]?.state.at).toBe('installed');
	});
});
