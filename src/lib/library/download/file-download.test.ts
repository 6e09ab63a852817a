import { beforeEach, describe, expect, test } from 'vitest';
import type { ModelId } from '../../core/ids.ts';
import { Sha256HasherFactory } from '../../platform/sha256-hasher.ts';
import { write } from '../../ports/store-write.ts';
import { fileBody, neverAborted } from '../../testing/library-world.ts';
import { ManualClock } from '../../testing/manual-clock.ts';
import { MemoryBlobStore } from '../../testing/memory-blob-store.ts';
import { MemoryRecordStore } from '../../testing/memory-record-store.ts';
import { ScriptedRangeSource } from '../../testing/scripted-range-source.ts';
import { FileDownload } from './file-download.ts';
import { hashPart } from '../store/hash-part.ts';
import { downloadStore } from '../library-api.ts';
import type { WantedFile } from './part-writer.ts';
import { readPart } from '../store/read-part.ts';
import { maxFailures } from './retry-policy.ts';

const url = 'https://hub.test/model.bin';
const body = fileBody(10_000);
const partBytes = 4096;
const quiet = (): void => undefined;

let wanted: WantedFile;
let records: MemoryRecordStore;
let blobs: MemoryBlobStore;
let source: ScriptedRangeSource;
let clock: ManualClock;

beforeEach(async () => {
	wanted = {
		model: 'alpha' as ModelId,
		path: 'model.bin',
		url,
		bytes: body.byteLength,
		sha256: await hashPart(body)
	};
	records = new MemoryRecordStore();
	blobs = new MemoryBlobStore();
	source = new ScriptedRangeSource();
	clock = new ManualClock();
	source.serve(url, { body, validator: 'v1' });
});

function download(signal = neverAborted(), onBytes: (done: number) => void = quiet) {
	const hashers = new Sha256HasherFactory();
	const tools = { records, blobs, ranges: source, hashers, clock, partBytes, random: () => 0 };
	return new FileDownload(tools, wanted).run(onBytes, signal);
}

/** Runs a download to its end and lets every wait pass. */
async function downloadInTime(...args: Parameters<typeof download>) {
	return inTime(download(...args));
}

async function inTime<T>(running: Promise<T>): Promise<T> {
	const settled = new AbortController();
	const settle = (): void => settled.abort();
	running.then(settle, settle);
	while (!settled.signal.aborted) await clock.advance(1000);
	return running;
}

async function stored(): Promise<Uint8Array> {
	const parts = await Promise.all([0, 1, 2].map((i) => readPart(blobs, `${wanted.sha256}/${i}`)));
	return new Uint8Array(await new Blob(parts.map((part) => part!)).arrayBuffer());
}

const starts = (): number[] => source.reads.map(({ from }) => from);

describe('a network that fails', () => {
	test('only the part under way is fetched again after a cut', async () => {
		source.fail(url, { kind: 'cut', at: 5000 }, { kind: 'cut', at: 9500 });
		const file = await downloadInTime();
		expect(file.parts).toHaveLength(3);
		expect(starts()).toEqual([0, 4096, 8192]);
		expect(await stored()).toEqual(body);
	});

	test('waits longer after each failure in a row, and anew after a part came through', async () => {
		source.fail(
			url,
			{ kind: 'offline' },
			{ kind: 'status', status: 503 },
			{ kind: 'cut', at: 4500 }
		);
		const running = download();
		while (starts().length === 0) await clock.advance(0);
		await clock.advance(249);
		expect(starts()).toHaveLength(1);
		await clock.advance(1);
		expect(starts()).toHaveLength(2);
		await clock.advance(499);
		expect(starts()).toHaveLength(2);
		await clock.advance(1);
		expect(starts()).toHaveLength(3);
		expect((await inTime(running)).bytes).toBe(10_000);
		expect(starts()).toEqual([0, 0, 0, 4096]);
	});

	test('gives up after too many failures without a part, and keeps what it has', async () => {
		source.fail(url, { kind: 'cut', at: 4500 });
		source.fail(url, ...Array.from({ length: maxFailures }, () => ({ kind: 'offline' }) as const));
		await expect(downloadInTime()).rejects.toMatchObject({ code: 'download/offline' });
		expect(starts()).toHaveLength(maxFailures + 1);
		expect((await downloadInTime()).bytes).toBe(10_000);
		expect(starts().at(-1)).toBe(4096);
	});

	test('a refusal of the server is not tried again', async () => {
		source.fail(url, { kind: 'status', status: 403 });
		await expect(downloadInTime()).rejects.toMatchObject({
			code: 'download/http',
			details: { status: 403 }
		});
		expect(starts()).toHaveLength(1);
	});

	test('a connection that goes silent is given up and opened again', async () => {
		source.fail(url, { kind: 'stall', at: 6000 });
		await downloadInTime();
		expect(starts()).toEqual([0, 4096]);
		expect(await stored()).toEqual(body);
	});
});

describe('a server of another kind', () => {
	test('one without ranges is read from the start, and what is stored is skipped', async () => {
		source.serve(url, { body, validator: 'v1', ignoresRanges: true });
		source.fail(url, { kind: 'cut', at: 9000 });
		await downloadInTime();
		expect(starts()).toEqual([0, 8192]);
		expect(await stored()).toEqual(body);
	});

	test('one that hides the size is believed when the digest is right', async () => {
		source.serve(url, { body, hidesTotal: true });
		expect((await downloadInTime()).sha256).toBe(wanted.sha256);
	});

	test.each([
		['short', body.slice(0, 9000), 9000],
		['long', fileBody(12_000), 10_240]
	])('a file that is too %s is refused with its size', async (_, other, seen) => {
		source.serve(url, { body: other, hidesTotal: true });
		await expect(downloadInTime()).rejects.toMatchObject({
			code: 'download/size-mismatch',
			details: { expected: 10_000, actual: seen, path: 'model.bin' }
		});
		expect(await blobs.keys('')).toEqual([]);
		expect(await records.count(downloadStore)).toBe(0);
	});

	test('a wrong size from something in between takes nothing away', async () => {
		source.fail(url, { kind: 'cut', at: 5000 }, { kind: 'status', status: 403 });
		await expect(downloadInTime()).rejects.toMatchObject({ code: 'download/http' });
		source.serve(url, { body: fileBody(5000), validator: 'login page' });
		await expect(downloadInTime()).rejects.toMatchObject({ code: 'download/size-mismatch' });
		source.serve(url, { body, validator: 'v1' });
		await downloadInTime();
		expect(starts().at(-1)).toBe(4096);
	});

	test('other bytes of the right size are refused, and nothing of them stays', async () => {
		source.serve(url, { body: fileBody(10_000, 7) });
		await expect(downloadInTime()).rejects.toMatchObject({
			code: 'download/digest-mismatch',
			details: { path: 'model.bin' }
		});
		expect(await blobs.keys('')).toEqual([]);
		expect(await records.count(downloadStore)).toBe(0);
	});
});

describe('a file that changed between two reads', () => {
	test.each([false, true])(
		'is started again (server without ranges: %s)',
		async (ignoresRanges) => {
			const old = fileBody(10_000, 5);
			source.serve(url, { body: old, validator: 'v0', ignoresRanges });
			source.fail(url, { kind: 'cut', at: 9000 });
			const running = download();
			await clock.advance(1);
			while ((await records.list(downloadStore))[0]?.parts.length !== 2) await clock.advance(0);
			source.serve(url, { body, validator: 'v1', ignoresRanges });
			await inTime(running);
			expect(starts()).toEqual(ignoresRanges ? [0, 8192] : [0, 8192, 0]);
			expect(await stored()).toEqual(body);
		}
	);
});

describe('going on after a restart', () => {
	/** Leaves two parts of three stored. */
	async function stopMidway(): Promise<void> {
		source.fail(url, { kind: 'cut', at: 9000 }, { kind: 'status', status: 403 });
		await expect(downloadInTime()).rejects.toMatchObject({ code: 'download/http' });
	}

	test('takes up the running hash', async () => {
		await stopMidway();
		const heard: number[] = [];
		await downloadInTime(neverAborted(), (done) => heard.push(done));
		expect(starts().at(-1)).toBe(8192);
		expect(heard[0]).toBe(8192);
	});

	test('hashes the parts anew when the state is of another build', async () => {
		await stopMidway();
		const row = (await records.get(downloadStore, wanted.sha256))!;
		await records.commit([write.put(downloadStore, { ...row, hashState: new Uint8Array(8) })]);
		await downloadInTime();
		expect(starts().at(-1)).toBe(8192);
	});

	test('starts at the first part that is gone', async () => {
		await stopMidway();
		await blobs.delete(`${wanted.sha256}/0`);
		await downloadInTime();
		expect(starts().at(-1)).toBe(0);
		expect(await stored()).toEqual(body);
	});

	test('replaces a part that was stored by a run that died before it was written down', async () => {
		await stopMidway();
		await blobs.put(`${wanted.sha256}/2`, fileBody(1808, 9));
		await downloadInTime();
		expect(await stored()).toEqual(body);
	});

	test('an abort keeps what is stored', async () => {
		const controller = new AbortController();
		await expect(
			download(controller.signal, (done) => {
				if (done > 5000) controller.abort();
			})
		).rejects.toMatchObject({ code: 'cancelled' });
		await downloadInTime();
		expect(starts()).toEqual([0, 4096]);
	});

	test('an abort ends the wait between two tries', async () => {
		const controller = new AbortController();
		source.fail(url, { kind: 'offline' });
		const running = download(controller.signal);
		while (clock.sleeping === 0 || starts().length === 0) await clock.advance(0);
		controller.abort();
		await expect(running).rejects.toMatchObject({ code: 'cancelled' });
		expect(clock.sleeping).toBe(0);
	});
});
