import { beforeEach, describe, expect, test } from 'vitest';
import { AppError } from '../../core/errors.ts';
import { Sha256HasherFactory } from '../../platform/sha256-hasher.ts';
import type { Hasher, HasherFactory } from '../../ports/hasher.ts';
import { write } from '../../ports/store-write.ts';
import { scrambled } from '../../testing/download-bytes.ts';
import { DownloadWorld, hosts } from '../../testing/download-world.ts';
import { downloadStore } from '../library-api.ts';
import { maxFailures } from './retry-policy.ts';

const [host, mirror] = hosts;

let world: DownloadWorld;

beforeEach(async () => {
	world = await DownloadWorld.of(10_000);
});

async function expectWhole(run = world.run()): Promise<void> {
	const file = await run;
	expect(await world.stored(file)).toEqual(world.body);
	expect(await world.strays()).toEqual([]);
}

describe('a network that fails', () => {
	test('reading goes on at the very byte where it was cut', async () => {
		world.source.fail(host, { kind: 'cut', at: 5000 }, { kind: 'cut', at: 9500 });
		await expectWhole();
		expect(world.starts).toEqual([0, 5000, 9500]);
		expect(world.source.delivered).toBe(10_000);
	});

	test('waits longer after each failure in a row, and anew after a byte came through', async () => {
		world.source.fail(
			host,
			{ kind: 'offline' },
			{ kind: 'status', status: 503 },
			{ kind: 'cut', at: 4500 }
		);
		const running = world.start();
		while (world.starts.length === 0) await world.clock.advance(0);
		await world.clock.advance(249);
		expect(world.starts).toHaveLength(1);
		await world.clock.advance(1);
		expect(world.starts).toHaveLength(2);
		await world.clock.advance(499);
		expect(world.starts).toHaveLength(2);
		await world.clock.advance(1);
		expect(world.starts).toHaveLength(3);
		await expectWhole(world.inTime(running));
		expect(world.starts).toEqual([0, 0, 0, 4500]);
	});

	test('gives up after too many failures without a byte, and keeps the parts', async () => {
		world.source.fail(host, { kind: 'cut', at: 4500 });
		const offline = Array.from({ length: maxFailures }, () => ({ kind: 'offline' }) as const);
		world.source.fail(host, ...offline);
		await expect(world.run()).rejects.toMatchObject({ code: 'download/offline' });
		expect(world.starts).toHaveLength(maxFailures + 1);
		await expectWhole();
		expect(world.starts.at(-1)).toBe(4096);
	});

	test('does not wait for a network to read the disk of the user', async () => {
		const url = 'local:mini@0/model.bin';
		world.serve({}, url);
		world.wanted = { ...world.wanted, urls: [url] };
		world.connectivity.setOnline(false);
		expect(await world.stored(await world.run())).toEqual(world.body);
	});

	test('waits for the network without counting, and goes on when it is back', async () => {
		world.connectivity.setOnline(false);
		const running = world.start();
		await world.clock.advance(600_000);
		expect(world.starts).toEqual([]);
		world.source.fail(host, { kind: 'cut', at: 100 });
		world.connectivity.setOnline(true);
		await expectWhole(world.inTime(running));
	});

	test('failures while the browser is offline do not count', async () => {
		const { connectivity, source } = world;
		const tries = 3 * maxFailures;
		for (let i = 0; i < tries; i++) source.fail(host, { kind: 'stall', at: 0 });
		const running = world.start();
		for (let i = 1; i <= tries; i++) {
			while (world.starts.length < i) await world.clock.advance(0);
			connectivity.setOnline(false);
			while (connectivity.waiting === 0) await world.clock.advance(1000);
			connectivity.setOnline(true);
		}
		await expectWhole(world.inTime(running));
	});

	test('a connection that goes silent is given up after 20 seconds', async () => {
		world.source.fail(host, { kind: 'stall', at: 6000 });
		const running = world.start();
		while (world.starts.length === 0) await world.clock.advance(0);
		await world.clock.advance(19_000);
		expect(world.starts).toEqual([0]);
		await expectWhole(world.inTime(running));
		expect(world.starts).toEqual([0, 6000]);
	});

	test.each([
		[120, 119_999],
		[86_400, 299_999]
	])(
		'a host that asks for %i seconds of peace gets them, up to five minutes',
		async (asked, ms) => {
			world.source.fail(host, { kind: 'status', status: 429, retryAfter: asked });
			const running = world.start();
			while (world.starts.length === 0) await world.clock.advance(0);
			await world.clock.advance(ms);
			expect(world.starts).toHaveLength(1);
			await world.clock.advance(1);
			expect(world.starts).toHaveLength(2);
			await expectWhole(world.inTime(running));
		}
	);
});

describe('a server of another kind', () => {
	test('one without ranges is read from the start, and what is there is skipped', async () => {
		world.serve({ ignoresRanges: true });
		world.source.fail(host, { kind: 'cut', at: 9000 });
		await expectWhole();
		expect(world.starts).toEqual([0, 9000]);
		expect(world.source.delivered).toBe(19_000);
	});

	test('one that hides the size is believed when the digest is right', async () => {
		world.serve({ hidesTotal: true, validator: null });
		await expectWhole();
	});

	test('what comes after the last byte is not looked at when the digest is right', async () => {
		const longer = new Uint8Array([...world.body, 1, 2, 3]);
		world.serve({ hidesTotal: true, body: longer });
		await expectWhole();
	});

	test('an empty file is here at once', async () => {
		world = await DownloadWorld.of(0);
		expect(await world.run()).toMatchObject({ bytes: 0, parts: [] });
		expect(world.starts).toEqual([]);
	});

	test('a web page is no file, unless a page was asked for', async () => {
		world.serve({ contentType: 'text/html' });
		await expect(world.run()).rejects.toMatchObject({
			code: 'download/web-page',
			details: { host: 'a.test', path: 'model.bin' }
		});
		world.wanted = { ...world.wanted, path: 'index.html' };
		await expectWhole();
	});

	test('one that names the file otherwise each time is believed in the end', async () => {
		const read = world.source.read.bind(world.source);
		world.source.read = (...args) => {
			world.serve({ validator: `v${world.starts.length}` });
			return read(...args);
		};
		for (const at of [2000, 4000, 6000, 8000, 9000]) world.source.fail(host, { kind: 'cut', at });
		await expectWhole();
		expect(world.starts).toEqual([0, 2000, 0, 6000, 0, 9000]);
	});
});

describe('a file that changed between two reads', () => {
	test.each([false, true])(
		'is started again (server without ranges: %s)',
		async (ignoresRanges) => {
			const old = scrambled(10_000, 5);
			world.serve({ body: old, validator: 'v0', ignoresRanges });
			world.source.fail(host, { kind: 'cut', at: 9000 });
			const running = world.start();
			while ((await world.row())?.parts[1] === undefined) await world.clock.advance(0);
			world.serve({ validator: 'v1', ignoresRanges });
			await expectWhole(world.inTime(running));
			expect(world.starts).toEqual([0, 9000, 0]);
		}
	);
});

describe('several hosts', () => {
	beforeEach(() => world.useMirrors());

	test('the next one is asked when one is of no use, and what is there stays', async () => {
		world.source.fail(host, { kind: 'cut', at: 5000 }, { kind: 'status', status: 404 });
		world.serve({ validator: 'another name' }, mirror);
		await expectWhole();
		expect(world.source.reads.map(({ url, from }) => [url, from])).toEqual([
			[host, 0],
			[host, 5000],
			[mirror, 5000]
		]);
		expect(await world.row()).toMatchObject({ url: mirror, validator: 'another name' });
	});

	test('when all fail, the user hears what tells most', async () => {
		world.source.fail(host, { kind: 'web-page' });
		world.source.fail(mirror, { kind: 'status', status: 404 });
		await expect(world.run()).rejects.toMatchObject({ code: 'download/web-page' });
	});

	test('one that gives other bytes is passed over', async () => {
		world.serve({ body: scrambled(10_000, 7) });
		await expectWhole();
		expect(world.source.reads.map(({ url }) => url)).toEqual([host, mirror]);
	});

	test('when two together give a wrong file, each is asked alone, once', async () => {
		world.serve({ body: scrambled(10_000, 7) });
		world.source.fail(host, { kind: 'cut', at: 5000 }, { kind: 'status', status: 403 });
		await expectWhole();
		expect(world.source.reads.map(({ url, from }) => [url, from])).toEqual([
			[host, 0],
			[host, 5000],
			[mirror, 5000],
			[host, 0],
			[mirror, 0]
		]);
	});

	test('when every one gives other bytes, it is refused and nothing stays', async () => {
		for (const url of hosts) world.serve({ body: scrambled(10_000, 7) }, url);
		await expect(world.run()).rejects.toMatchObject({ code: 'download/digest-mismatch' });
		expect(world.starts).toEqual([0, 0]);
		expect(await world.blobs.keys('')).toEqual([]);
		expect(await world.row()).toBeUndefined();
	});
});

describe('going on after a restart', () => {
	/** Leaves two parts of three stored. */
	async function stopMidway(): Promise<void> {
		world.source.fail(host, { kind: 'cut', at: 9000 }, { kind: 'status', status: 403 });
		await expect(world.run()).rejects.toMatchObject({ code: 'download/http' });
		expect((await world.row())?.parts.filter(Boolean)).toHaveLength(2);
	}

	test('takes up the running hash, and reads no stored part again', async () => {
		await stopMidway();
		expect(await world.row()).toMatchObject({ hashed: 2 });
		const heard: number[] = [];
		const read: string[] = [];
		const stream = world.blobs.stream.bind(world.blobs);
		world.blobs.stream = (key) => (read.push(key), stream(key));
		await world.run({ onBytes: (done) => heard.push(done) });
		expect(read).toEqual([]);
		expect(heard[0]).toBe(8192);
		expect(heard.at(-1)).toBe(10_000);
		expect(world.starts.at(-1)).toBe(8192);
	});

	test('hashes the parts anew when the state is of another build', async () => {
		world.hashers = new Sha256HasherFactory();
		await stopMidway();
		const row = (await world.row())!;
		const foreign = { ...row, hashState: new Uint8Array(8) };
		await world.records.commit([write.put(downloadStore, foreign)]);
		await expectWhole();
		expect(world.starts.at(-1)).toBe(8192);
	});

	test('understands a row of the first version of the database', async () => {
		await stopMidway();
		const { hashed: _, ...old } = (await world.row())!;
		await world.records.commit([write.put(downloadStore, old)]);
		await expectWhole();
		expect(world.starts.at(-1)).toBe(8192);
	});

	test('gets only the parts that are gone or damaged, wherever they are', async () => {
		await world.run();
		const { sha256 } = world.wanted;
		const row = { ...(await world.row())!, hashState: null, hashed: 0 };
		await world.records.commit([write.put(downloadStore, row)]);
		await world.blobs.delete(`${sha256}/0`);
		world.blobs.corrupt(`${sha256}/2`, (bytes) => bytes.fill(0));
		await expectWhole();
		expect(world.source.reads.slice(1)).toEqual([
			{ url: host, from: 0, until: 4096 },
			{ url: host, from: 8192 }
		]);
	});

	test('replaces a part that was stored by a run that died before it was written down', async () => {
		await stopMidway();
		await world.blobs.put(`${world.wanted.sha256}/2`, scrambled(1808, 9));
		await expectWhole();
	});

	test('starts again when the row is of a file of another size', async () => {
		await stopMidway();
		const row = { ...(await world.row())!, bytes: 20_000 };
		await world.records.commit([write.put(downloadStore, row)]);
		await expectWhole();
		expect(world.starts.at(-1)).toBe(0);
	});

	test('a complete file that was not published is here without a read', async () => {
		await world.run();
		await expectWhole();
		expect(world.starts).toEqual([0]);
	});

	test('an abort ends the wait between two tries, and all that goes on beside', async () => {
		const stop = new AbortController();
		world.source.fail(host, { kind: 'offline' });
		const running = world.start({ signal: stop.signal });
		while (world.clock.sleeping === 0 || world.starts.length === 0) await world.clock.advance(0);
		stop.abort();
		await expect(running).rejects.toMatchObject({ code: 'cancelled' });
		expect(world.clock.sleeping).toBe(0);
	});
});

describe('a hash worker that dies', () => {
	/** A factory whose hashers die at certain updates, counted over all of them. */
	function dying(...deaths: number[]): HasherFactory {
		let updates = 0;
		const died = new AppError('wire/worker-died', { details: { reason: 'out of memory' } });
		const mortal = (hasher: Hasher): Hasher => ({
			update: (bytes) => (deaths.includes(++updates) ? Promise.reject(died) : hasher.update(bytes)),
			digest: () => hasher.digest(),
			save: () => hasher.save()
		});
		const real = new Sha256HasherFactory();
		return {
			create: async () => mortal(await real.create()),
			resume: async (state) => mortal(await real.resume(state))
		};
	}

	test.each([1, 2, 3])('at part %i is replaced, and nothing is fetched again', async (part) => {
		world.hashers = dying(part);
		await expectWhole();
		expect(world.starts).toEqual([0]);
	});

	test('again and again ends the download, which keeps its parts', async () => {
		world.hashers = dying(1, 2, 3, 4);
		await expect(world.run()).rejects.toMatchObject({ code: 'wire/worker-died' });
		world.hashers = new Sha256HasherFactory();
		await expectWhole();
		expect(world.source.delivered).toBeLessThanOrEqual(20_000);
	});
});
