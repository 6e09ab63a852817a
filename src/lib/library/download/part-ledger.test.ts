import { beforeEach, describe, expect, test } from 'vitest';
import { scrambled } from '../../testing/download-bytes.ts';
import { hashInstantly, InstantHasherFactory } from '../../testing/instant-hash.ts';
import { MemoryBlobStore } from '../../testing/memory-blob-store.ts';
import { MemoryRecordStore } from '../../testing/memory-record-store.ts';
import { nextTask } from '../../core/next-task.ts';
import { downloadStore, type DownloadRow } from '../library-api.ts';
import { hashPart } from '../store/hash-part.ts';
import { PartReader } from '../store/part-reader.ts';
import type { PartStores } from './download-tools.ts';
import { PartLedger } from './part-ledger.ts';
import type { WantedFile } from './wanted-file.ts';

const partBytes = 100;
const body = scrambled(450);
const url = 'https://a.test/file';

let records: MemoryRecordStore;
let blobs: MemoryBlobStore;
let stores: PartStores;
let file: WantedFile;
/** Puts of these keys wait until they are let go. */
let held: Map<string, () => void>;

beforeEach(async () => {
	hashInstantly();
	held = new Map();
	blobs = new MemoryBlobStore({
		beforeEffect: ({ key }) =>
			held.has(key) ? new Promise((resolve) => held.set(key, resolve)) : undefined
	});
	records = new MemoryRecordStore();
	stores = { records, blobs, hashers: new InstantHasherFactory(), partBytes };
	file = { path: 'file', urls: [url], bytes: body.byteLength, sha256: await hashPart(body) };
});

type Bytes = Uint8Array<ArrayBuffer>;

const open = (): Promise<PartLedger> => PartLedger.open(stores, file);
const key = (index: number): string => `${file.sha256}/${index}`;
const row = async (): Promise<DownloadRow> => (await records.get(downloadStore, file.sha256))!;

async function keep(ledger: PartLedger, index: number): Promise<void> {
	const part = ledger.plan[index]!;
	await ledger.place(part, body.slice(part.offset, part.offset + part.bytes));
	await ledger.record();
}

describe('PartLedger', () => {
	test('takes parts in any order and gives the whole file', async () => {
		const ledger = await open();
		for (const index of [3, 0, 4, 2, 1]) await keep(ledger, index);
		await ledger.settle();
		expect(ledger.complete).toBe(true);
		expect(await ledger.finish()).toMatchObject({ path: 'file', bytes: 450, partBytes });
	});

	test('the row never holds a hash of parts that are not stored', async () => {
		const ledger = await open();
		held.set(key(0), () => undefined);
		const first = keep(ledger, 0);
		await keep(ledger, 1);
		expect((await row()).parts.slice(0, 2)).toEqual([null, expect.any(String)]);
		expect(await row()).toMatchObject({ hashed: 0, hashState: null });
		held.get(key(0))!();
		await first;
		expect(await row()).toMatchObject({ hashed: 2 });
	});

	test('parts that were read back are in the row, too', async () => {
		const ledger = await open();
		for (const index of [1, 2, 0]) await keep(ledger, index);
		await ledger.settle();
		expect(await row()).toMatchObject({ hashed: 3 });
		const next = await open();
		for (const index of [3, 4]) await keep(next, index);
		await next.settle();
		expect((await next.finish()).sha256).toBe(file.sha256);
	});

	test('knows where its bytes are from', async () => {
		const ledger = await open();
		expect([ledger.source, ledger.onlySource]).toEqual([null, undefined]);
		ledger.setSource({ url, validator: 'v1' });
		expect(ledger.onlySource).toBe(url);
		await keep(ledger, 0);
		const later = await open();
		expect(later.source).toMatchObject({ url, validator: 'v1' });
		expect(later.onlySource).toBeUndefined();
		await later.restart();
		expect(later.source).toBeNull();
		later.setSource({ url, validator: 'v2' });
		expect(later.onlySource).toBe(url);
		later.setSource({ url: 'https://b.test/file', validator: null });
		expect(later.onlySource).toBeUndefined();
	});

	test('keeps the size that parts were cut with', async () => {
		await keep(await open(), 0);
		stores = { ...stores, partBytes: 64 };
		const ledger = await open();
		expect([ledger.partBytes, ledger.storedBytes]).toEqual([100, 100]);
	});

	test('a file of other bytes is refused, and stays until somebody decides', async () => {
		file = { ...file, sha256: await hashPart(scrambled(10)) };
		const ledger = await open();
		for (const { index } of ledger.plan) await keep(ledger, index);
		await ledger.settle();
		await expect(ledger.finish()).rejects.toMatchObject({ code: 'download/digest-mismatch' });
		expect(await blobs.keys('')).toHaveLength(5);
		await ledger.restart();
		expect(await blobs.keys('')).toEqual([]);
		expect(await row()).toBeUndefined();
		expect(ledger.missing).toEqual([0, 1, 2, 3, 4]);
	});

	test.each([
		['changed', (bytes: Bytes) => bytes.fill(0)],
		['cut short', (bytes: Bytes) => bytes.slice(1)],
		['made longer', (bytes: Bytes) => new Uint8Array([...bytes, 0])]
	])('a part that the disk has %s is missing once it is read back', async (_, damage) => {
		const ledger = await open();
		await keep(ledger, 1);
		blobs.corrupt(key(1), damage);
		await keep(ledger, 0);
		await ledger.settle();
		expect(ledger.missing).toEqual([1, 2, 3, 4]);
		expect(ledger.storedBytes).toBe(100);
		for (const index of [1, 2, 3, 4]) await keep(ledger, index);
		await ledger.settle();
		expect((await ledger.finish()).parts).toHaveLength(5);
		const again = await new PartReader(blobs).read(ledger.plan[1]!);
		expect(again).toEqual(body.slice(100, 200));
	});

	test('nothing is read or written after it was closed', async () => {
		const ledger = await open();
		for (const index of [1, 2, 3]) await keep(ledger, index);
		const last = keep(ledger, 0);
		await last;
		await ledger.close();
		const { commits } = records;
		await nextTask();
		expect(records.commits).toBe(commits);
	});
});
