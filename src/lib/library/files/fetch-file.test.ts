import { beforeEach, describe, expect, test } from 'vitest';
import { Sha256HasherFactory } from '../../platform/sha256-hasher.ts';
import { fileBody } from '../../testing/library-world.ts';
import { ManualClock } from '../../testing/manual-clock.ts';
import { ScriptedRangeSource } from '../../testing/scripted-range-source.ts';
import { Bandwidth } from '../download/bandwidth.ts';
import { gitBlobId } from '../hub/git-blob-id.ts';
import { hashPart } from '../store/hash-part.ts';
import { fetchFile } from './fetch-file.ts';
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

beforeEach(async () => {
	network = new ScriptedRangeSource();
	network.serve(url, { body });
	stop = new AbortController();
	addresses = [url];
	heard = [];
	const [sha256, gitBlob] = [await hashPart(body), null];
	listed = { path: 'weights.bin', url, bytes: body.byteLength, sha256, gitBlob };
});

const fetchIt = (changes: Partial<ListedFile> = {}, most = limit): Promise<Blob> =>
	fetchFile(
		{ ...listed, ...changes },
		most,
		{
			ranges: network,
			hashers: new Sha256HasherFactory(),
			bandwidth: new Bandwidth(new ManualClock()),
			addressesOf: () => addresses
		},
		(done) => heard.push(done),
		stop.signal
	);

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
		const unknown = { bytes: null, sha256: null };
		network.serve(url, { body, hidesTotal: true });
		expect((await fetchIt(unknown)).size).toBe(body.byteLength);
	});

	test('is asked of the next host when one fails', async () => {
		addresses = [mirror, url];
		network.serve(mirror, { body });
		network.fail(mirror, { kind: 'cut', at: 5000 });
		expect((await fetchIt()).size).toBe(body.byteLength);
		expect(network.reads.map((read) => read.url)).toEqual([mirror, url]);
	});
});

describe('nothing is given out of a file', () => {
	test.each([
		[{ kind: 'flip', at: 3000 }, 'download/digest-mismatch'],
		[{ kind: 'short', at: 3000 }, 'download/size-mismatch'],
		[{ kind: 'cut', at: 3000 }, 'download/offline'],
		[{ kind: 'offline' }, 'download/offline'],
		[{ kind: 'web-page' }, 'download/web-page'],
		[{ kind: 'status', status: 404 }, 'hub/file-missing'],
		[{ kind: 'status', status: 403 }, 'hub/gated'],
		[{ kind: 'status', status: 500 }, 'download/http']
	] as const)('that arrives with %j: %s', async (fault, code) => {
		network.fail(url, fault);
		await expect(fetchIt()).rejects.toMatchObject({ code });
		expect(network.open).toBe(0);
	});

	test('of unknown digest that ends too early', async () => {
		network.fail(url, { kind: 'short', at: 3000 });
		await expect(fetchIt({ bytes: null, sha256: null })).rejects.toMatchObject({
			code: 'download/size-mismatch'
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

	test('that the user stops', async () => {
		network.fail(url, { kind: 'stall', at: 3000 });
		const fetched = fetchIt();
		await expect.poll(() => heard.length).toBeGreaterThan(0);
		stop.abort();
		await expect(fetched).rejects.toMatchObject({ code: 'cancelled' });
	});

	test('that no host may be asked for', async () => {
		addresses = [];
		await expect(fetchIt()).rejects.toMatchObject({ code: 'hub/no-host' });
	});
});
