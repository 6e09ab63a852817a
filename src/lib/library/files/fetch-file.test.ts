import { beforeEach, describe, expect, test } from 'vitest';
import { Sha256HasherFactory } from '../../platform/sha256-hasher.ts';
import { fileBody } from '../../testing/library-world.ts';
import { ManualClock } from '../../testing/manual-clock.ts';
import { MemoryConnectivity } from '../../testing/memory-connectivity.ts';
import { ScriptedRangeSource } from '../../testing/scripted-range-source.ts';
import { Bandwidth } from '../download/bandwidth.ts';
import { gitBlobId } from '../hub/git-blob-id.ts';
import { hashPart } from '../store/hash-part.ts';
import { fetchFile } from './fetch-file.ts';
import { FileBeginnings } from './file-beginnings.ts';
import type { ListedFile } from './listed-file.ts';

const url = 'https://huggingface.co/acme/lora/resolve/main/weights.bin';
const mirror = 'https://mirror.test/weights.bin';
const body = fileBody(10_000);
const limit = 20_000;

let network: ScriptedRangeSource;
let stop: AbortController;
let listed: ListedFile;
let addresses: readonly string[];
let heard: number[];
let clock: ManualClock;
let connectivity: MemoryConnectivity;
let beginnings: FileBeginnings;

beforeEach(async () => {
	network = new ScriptedRangeSource();
	clock = new ManualClock();
	connectivity = new MemoryConnectivity();
	beginnings = new FileBeginnings();
	network.serve(url, { body });
	stop = new AbortController();
	addresses = [url];
	heard = [];
	const [sha256, gitBlob] = [await hashPart(body), null];
	listed = { path: 'weights.bin', url, bytes: body.byteLength, sha256, gitBlob };
});

const begin = (changes: Partial<ListedFile> = {}, most = limit): Promise<Blob> =>
	fetchFile(
		{ ...listed, ...changes },
		most,
		{
			...{ ranges: network, hashers: new Sha256HasherFactory(), random: () => 0, beginnings },
			...{ clock, connectivity, bandwidth: new Bandwidth(clock) },
			addressesOf: () => addresses
		},
		(done) => heard.push(done),
		stop.signal
	);

/** Lets time pass until it has come to its end. */
async function fetchIt(...args: Parameters<typeof begin>): Promise<Blob> {
	const over = new AbortController();
	const fetching = begin(...args).finally(() => over.abort());
	fetching.catch(() => undefined);
	while (!over.signal.aborted) await clock.advance(500);
	return fetching;
}

const bytesOf = async (blob: Blob) => new Uint8Array(await blob.arrayBuffer());
/** From which bytes on the host was asked. */
const asked = () => network.reads.map(({ from }) => from);
/** That many tries in a row that get no further than byte 3000. */
const cuts = (count: number) =>
	Array.from({ length: count }, () => ({ kind: 'cut', at: 3000 }) as const);
const unknown = { bytes: null, sha256: null };

describe('a file', () => {
	test('arrives whole, and tells how far it is', async () => {
		const blob = await fetchIt();
		expect(new Uint8Array(await blob.arrayBuffer())).toEqual(body);
		expect(heard.at(-1)).toBe(body.byteLength);
		expect(heard).toEqual(heard.toSorted((a, b) => a - b));
	});

	test('is held to its Git blob id', async () => {
		const gitBlob = await gitBlobId(body);
		expect((await fetchIt({ sha256: null, gitBlob })).size).toBe(body.byteLength);
		await expect(fetchIt({ sha256: null, gitBlob: '0'.repeat(40) })).rejects.toMatchObject({
			code: 'download/digest-mismatch'
		});
	});

	test('of which nothing is known arrives as it is', async () => {
		network.serve(url, { body, hidesTotal: true });
		expect((await fetchIt(unknown)).size).toBe(body.byteLength);
	});

	test('is asked of the next host when one fails', async () => {
		addresses = [mirror, url];
		network.serve(mirror, { body });
		network.fail(mirror, { kind: 'status', status: 404 });
		expect((await fetchIt()).size).toBe(body.byteLength);
		expect(network.reads.map((read) => read.url)).toEqual([mirror, url]);
	});
});

describe('an interrupted file', () => {
	test('is gone on with by itself, from where it was', async () => {
		network.fail(url, { kind: 'cut', at: 3000 }, { kind: 'offline' }, { kind: 'cut', at: 7000 });
		expect(await bytesOf(await fetchIt())).toEqual(body);
		expect(asked()).toEqual([0, 3000, 3000, 7000]);
		expect(network.delivered).toBe(body.byteLength);
		expect(heard).toEqual(heard.toSorted((a, b) => a - b));
	});

	test.each([
		[{ kind: 'short', at: 3000 }],
		[{ kind: 'stall', at: 3000 }],
		[{ kind: 'status', status: 503 }]
	] as const)('is asked for again after %j', async (fault) => {
		network.fail(url, fault);
		expect(await bytesOf(await fetchIt())).toEqual(body);
		expect([network.delivered, network.open]).toEqual([body.byteLength, 0]);
	});

	test('waits while there is no network', async () => {
		connectivity.setOnline(false);
		const fetching = begin();
		await expect.poll(() => connectivity.waiting).toBe(1);
		expect(network.reads).toEqual([]);
		connectivity.setOnline(true);
		expect((await fetching).size).toBe(body.byteLength);
	});

	test('is given up after three tries without a byte, and gone on with by the next call', async () => {
		network.fail(url, ...cuts(4));
		await expect(fetchIt()).rejects.toMatchObject({ code: 'download/offline' });
		expect(asked()).toEqual([0, 3000, 3000, 3000]);
		expect(await bytesOf(await fetchIt())).toEqual(body);
		expect(asked().at(-1)).toBe(3000);
		expect(network.delivered).toBe(body.byteLength);
	});

	test('that the user has stopped is gone on with, too', async () => {
		network.fail(url, { kind: 'stall', at: 3000 });
		const fetching = begin();
		await expect.poll(() => heard.at(-1)).toBe(3000);
		stop.abort();
		await expect(fetching).rejects.toMatchObject({ code: 'cancelled' });
		stop = new AbortController();
		expect(await bytesOf(await begin())).toEqual(body);
		expect(asked()).toEqual([0, 3000]);
	});

	test('outlives a network that wants people to sign in first', async () => {
		network.fail(url, { kind: 'cut', at: 3000 }, { kind: 'web-page' });
		await expect(fetchIt()).rejects.toMatchObject({ code: 'download/web-page' });
		expect(await bytesOf(await fetchIt())).toEqual(body);
		expect(asked()).toEqual([0, 3000, 3000]);
	});

	test.each([
		['was forgotten', (): void => beginnings.forget()],
		['has another ETag now', (): void => network.serve(url, { body, validator: 'b' })],
		[
			'comes from a host that knows no ranges',
			(): void => network.serve(url, { body, validator: 'a', ignoresRanges: true })
		]
	])('that %s is begun anew', async (what, change) => {
		network.serve(url, { body, validator: 'a' });
		network.fail(url, ...cuts(4));
		await expect(fetchIt()).rejects.toMatchObject({ code: 'download/offline' });
		change();
		heard = [];
		expect(await bytesOf(await fetchIt())).toEqual(body);
		expect(heard[0]).toBe(what === 'was forgotten' ? 1024 : 0);
	});

	test('that is forgotten while it is fetched is not kept', async () => {
		network.fail(url, { kind: 'stall', at: 3000 });
		const fetching = begin();
		await expect.poll(() => heard.at(-1)).toBe(3000);
		beginnings.forget();
		stop.abort();
		await expect(fetching).rejects.toMatchObject({ code: 'cancelled' });
		stop = new AbortController();
		await begin();
		expect(asked()).toEqual([0, 0]);
	});

	test('without a digest goes on only where the host says that it is the same', async () => {
		network.fail(url, { kind: 'cut', at: 3000 });
		expect(await bytesOf(await fetchIt(unknown))).toEqual(body);
		expect(asked()).toEqual([0, 3000, 0]);
		network.serve(url, { body, validator: 'a' });
		network.fail(url, { kind: 'cut', at: 3000 });
		expect(await bytesOf(await fetchIt(unknown))).toEqual(body);
		expect(asked().slice(3)).toEqual([0, 3000]);
	});

	test('whose answers do not belong together is begun anew, once', async () => {
		network.serve(url, { body: fileBody(10_000, 2) });
		network.fail(url, ...cuts(4));
		await expect(fetchIt()).rejects.toMatchObject({ code: 'download/offline' });
		network.serve(url, { body });
		expect(await bytesOf(await fetchIt())).toEqual(body);
		network.fail(url, { kind: 'cut', at: 3000 }, { kind: 'flip', at: 5000 });
		network.fail(url, { kind: 'cut', at: 3000 }, { kind: 'flip', at: 5000 });
		await expect(fetchIt()).rejects.toMatchObject({ code: 'download/digest-mismatch' });
	});

	test('goes on at the next host where its digest is known', async () => {
		addresses = [mirror, url];
		network.serve(mirror, { body, validator: 'theirs' });
		network.fail(mirror, ...cuts(4));
		expect(await bytesOf(await fetchIt())).toEqual(body);
		expect(network.reads.at(-1)).toEqual({ url, from: 3000 });
	});
});

describe('nothing is given out of a file', () => {
	test.each([
		[{ kind: 'flip', at: 3000 }, 'download/digest-mismatch'],
		[{ kind: 'lie', total: 9000 }, 'download/size-mismatch'],
		[{ kind: 'web-page' }, 'download/web-page'],
		[{ kind: 'status', status: 404 }, 'hub/file-missing'],
		[{ kind: 'status', status: 403 }, 'hub/gated'],
		[{ kind: 'status', status: 410 }, 'download/http']
	] as const)('that arrives with %j: %s', async (fault, code) => {
		network.fail(url, fault);
		await expect(fetchIt()).rejects.toMatchObject({ code });
		expect(network.open).toBe(0);
		await fetchIt();
		expect(asked()).toEqual([0, 0]);
	});

	test.each([
		[{ kind: 'offline' }, 'download/offline'],
		[{ kind: 'stall', at: 0 }, 'download/stalled'],
		[{ kind: 'short', at: 0 }, 'download/stalled'],
		[{ kind: 'status', status: 500 }, 'download/http']
	] as const)('that stays away with %j: %s', async (fault, code) => {
		network.fail(url, fault, fault, fault, fault);
		await expect(fetchIt()).rejects.toMatchObject({ code });
		expect([network.open, network.delivered, clock.sleeping]).toEqual([0, 0, 0]);
	});

	test('that turns out to be shorter than listed', async () => {
		network.serve(url, { body: body.slice(0, 8000), hidesTotal: true });
		await expect(fetchIt()).rejects.toMatchObject({
			code: 'download/size-mismatch',
			details: { actual: 8000, expected: 10_000 }
		});
	});

	test('that is longer than listed; the rest is not read', async () => {
		await expect(fetchIt({ bytes: 1500 })).rejects.toMatchObject({
			code: 'download/size-mismatch'
		});
		expect(network.delivered).toBeLessThan(5000);
	});

	test('that is listed with too much, without asking for it', async () => {
		await expect(fetchIt({}, 9000)).rejects.toMatchObject({ code: 'download/too-large' });
		expect(network.reads).toEqual([]);
	});

	test('that turns out to be too much; the rest is not read', async () => {
		network.serve(url, { body, hidesTotal: true });
		const unknown = { bytes: null, sha256: null };
		await expect(fetchIt(unknown, 2000)).rejects.toMatchObject({ code: 'download/too-large' });
		expect(network.delivered).toBeLessThan(5000);
	});

	test('that no host may be asked for', async () => {
		addresses = [];
		await expect(fetchIt()).rejects.toMatchObject({ code: 'hub/no-host' });
	});
});
