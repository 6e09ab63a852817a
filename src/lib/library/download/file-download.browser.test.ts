import { afterEach, expect, test } from 'vitest';
import { CacheBlobStore } from '../../platform/cache-blob-store.ts';
import { Database } from '../../platform/database.ts';
import { FetchRangeSource } from '../../platform/fetch-range-source.ts';
import { IdbRecordStore } from '../../platform/idb-record-store.ts';
import { SystemClock } from '../../platform/system-clock.ts';
import { WorkerHasherFactory } from '../../platform/worker-hasher.ts';
import { scrambled } from '../../testing/download-bytes.ts';
import { MemoryConnectivity } from '../../testing/memory-connectivity.ts';
import { readAll } from '../../testing/read-all.ts';
import { hashPart } from '../store/hash-part.ts';
import { joinParts } from '../store/join-parts.ts';
import { partPlan } from '../store/part-plan.ts';
import { Bandwidth } from './bandwidth.ts';
import { FileDownload } from './file-download.ts';

const name = 'file-download-test';
const mebibyte = 1024 * 1024;
const database = new Database({ name });
const blobs = new CacheBlobStore(name);
const clock = new SystemClock();
const tools = {
	records: new IdbRecordStore(database),
	blobs,
	ranges: new FetchRangeSource(),
	hashers: new WorkerHasherFactory(
		() =>
			new Worker(new URL('../../../workers/hash.worker.ts', import.meta.url), { type: 'module' })
	),
	connectivity: new MemoryConnectivity(),
	bandwidth: new Bandwidth(clock),
	clock,
	random: () => 0,
	partBytes: mebibyte
};

afterEach(async () => {
	await database.close();
	indexedDB.deleteDatabase(name);
	await caches.delete(name);
});

test('a file of several parts is stopped, gone on with, hashed on another thread, and read', async () => {
	const body = scrambled(5 * mebibyte + 12_345);
	const url = URL.createObjectURL(new Blob([body]));
	const { byteLength: bytes } = body;
	const wanted = { path: 'weights.bin', urls: [url], bytes, sha256: await hashPart(body) };
	const stop = new AbortController();
	const stopInTheMiddle = (done: number): void => {
		if (done > 2.5 * mebibyte) stop.abort();
	};
	const first = new FileDownload(tools, wanted).run(stopInTheMiddle, stop.signal);
	await expect(first).rejects.toMatchObject({ code: 'cancelled' });

	const heard: number[] = [];
	const never = new AbortController().signal;
	const file = await new FileDownload(tools, wanted).run((done) => heard.push(done), never);
	URL.revokeObjectURL(url);
	expect(heard[0]).toBeGreaterThanOrEqual(2 * mebibyte);
	expect(heard.at(-1)).toBe(body.byteLength);
	const stored = await readAll(joinParts(blobs, partPlan(file)));
	expect(await hashPart(stored)).toBe(wanted.sha256);
});
