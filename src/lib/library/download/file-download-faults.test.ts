import { beforeEach, describe, expect, test } from 'vitest';
import { CrashPoint } from '../../testing/crash-point.ts';
import { DownloadWorld, hosts } from '../../testing/download-world.ts';
import type { ReadFault } from '../../testing/scripted-range-source.ts';
import { isSimulatedCrash } from '../../testing/simulated-crash.ts';
import { maxFailures } from './retry-policy.ts';

const [host, mirror] = hosts;
const part = 4096;
const bytes = 4 * part + 1616;
const partNumbers = [0, 1, 2, 3, 4];
/** Parts that can be in memory, and lost: one being read by each connection and two being stored. */
const inMemory = (connections: number): number => (connections + 2) * part;

let world: DownloadWorld;

beforeEach(async () => {
	world = await DownloadWorld.of(bytes);
});

/** The promise behind every test here: whatever happened before, the next run makes it good. */
async function expectNextRunWhole(run = world.run()): Promise<void> {
	const file = await run;
	expect(await world.stored(file)).toEqual(world.body);
	expect(await world.strays()).toEqual([]);
	expect(await world.blobs.keys('')).toHaveLength(file.parts.length);
}

describe('a cut', () => {
	const places = [
		...new Set(
			partNumbers.flatMap((i) => [i * part - 1, i * part, i * part + 1, i * part + part / 2])
		),
		bytes - 1
	].filter((at) => at >= 0 && at < bytes);

	test.each(places)('at byte %i costs no byte twice', async (at) => {
		world.source.fail(host, { kind: 'cut', at });
		await expectNextRunWhole();
		expect(world.starts).toEqual([0, at]);
		expect(world.source.delivered).toBe(bytes);
	});

	test.each(places)('at byte %i by a server without ranges', async (at) => {
		world.serve({ ignoresRanges: true });
		world.source.fail(host, { kind: 'cut', at });
		await expectNextRunWhole();
		expect(world.source.delivered).toBe(bytes + at);
	});

	test.each(places)('at byte %i, silently', async (at) => {
		world.source.fail(host, { kind: 'stall', at });
		await expectNextRunWhole();
		expect(world.source.delivered).toBe(bytes);
	});

	test.each(places)('at byte %i that looks like the end', async (at) => {
		world.source.fail(host, { kind: 'short', at });
		await expectNextRunWhole();
		expect(world.source.delivered).toBe(bytes);
	});

	test.each(places)('at byte %i that looks like the end, of a file of unknown size', async (at) => {
		world.serve({ hidesTotal: true });
		world.source.fail(host, { kind: 'short', at });
		await expectNextRunWhole();
		expect(world.source.delivered).toBe(bytes);
	});

	test.each(places)('at byte %i and nothing more from that host: another goes on', async (at) => {
		world.useMirrors();
		world.source.fail(host, { kind: 'cut', at }, { kind: 'status', status: 410 });
		await expectNextRunWhole();
		expect(world.source.delivered).toBe(bytes);
	});
});

describe('a flipped bit', () => {
	const places = partNumbers.map((i) => i * part + 700);

	test.each(places)('at byte %i is noticed, and nothing of the file stays', async (at) => {
		world.source.fail(host, { kind: 'flip', at });
		await expect(world.run()).rejects.toMatchObject({ code: 'download/digest-mismatch' });
		expect(await world.blobs.keys('')).toEqual([]);
		expect(await world.row()).toBeUndefined();
		await expectNextRunWhole();
	});

	test.each(places)('at byte %i sends the download to the next host', async (at) => {
		world.useMirrors();
		world.source.fail(host, { kind: 'flip', at });
		await expectNextRunWhole();
		expect(world.source.reads.map(({ url }) => url)).toEqual([host, mirror]);
	});

	test.each(places)('at byte %i of an earlier run starts the file again, once', async (at) => {
		const stop = new AbortController();
		world.source.fail(host, { kind: 'flip', at });
		const onBytes = (done: number): void => {
			if (done > at) stop.abort();
		};
		await world.run({ signal: stop.signal, onBytes }).catch(() => undefined);
		await expectNextRunWhole();
	});
});

describe('an answer that is not the file', () => {
	const always = (fault: ReadFault): ReadFault[] => Array.from({ length: 50 }, () => fault);
	const answers: [string, ReadFault, string, number][] = [
		...[401, 403, 404, 410, 451].map((status): [string, ReadFault, string, number] => [
			`status ${status}`,
			{ kind: 'status', status },
			'download/http',
			1
		]),
		['status 416', { kind: 'status', status: 416 }, 'download/size-mismatch', 1],
		['a sign-in page', { kind: 'web-page' }, 'download/web-page', 1],
		['a shorter file', { kind: 'lie', total: bytes - 1 }, 'download/size-mismatch', 1],
		['a longer file', { kind: 'lie', total: bytes + 1 }, 'download/size-mismatch', 1],
		['an empty file', { kind: 'lie', total: 0 }, 'download/size-mismatch', 1],
		['status 500', { kind: 'status', status: 500 }, 'download/http', maxFailures + 1],
		[
			'status 429',
			{ kind: 'status', status: 429, retryAfter: 9 },
			'download/http',
			maxFailures + 1
		],
		['nobody', { kind: 'offline' }, 'download/offline', maxFailures + 1],
		['silence', { kind: 'stall', at: 0 }, 'download/stalled', maxFailures + 1],
		['nothing', { kind: 'short', at: 0 }, 'download/stalled', maxFailures + 1]
	];

	test.each(answers)('%s: tells why, and how often it tries', async (_, fault, code, tries) => {
		world.source.fail(host, ...always(fault));
		await expect(world.run()).rejects.toMatchObject({ code });
		expect(world.starts).toHaveLength(tries);
		world = await rid(world);
		await expectNextRunWhole();
	});

	test.each(answers)('%s: takes nothing away, and another host goes on', async (_, fault) => {
		world.useMirrors();
		world.source.fail(host, { kind: 'cut', at: 2 * part + 5 }, ...always(fault));
		await expectNextRunWhole();
		expect(world.source.delivered).toBeLessThan(bytes + part);
		expect(world.source.reads.at(-1)).toMatchObject({ url: mirror, from: 2 * part + 5 });
	});

	test.each(answers)('%s: from every host leaves the parts for a better day', async (_, fault) => {
		world.useMirrors();
		world.source.fail(host, { kind: 'cut', at: 2 * part + 5 }, ...always(fault));
		world.source.fail(mirror, ...always(fault));
		await expect(world.run()).rejects.toMatchObject({ name: 'AppError' });
		expect((await world.row())?.parts.slice(0, 2)).toEqual([
			expect.any(String),
			expect.any(String)
		]);
		world = await rid(world);
		await expectNextRunWhole();
		expect(world.starts.at(-1)).toBe(2 * part);
	});

	/** The same disk on a network without faults. */
	async function rid(old: DownloadWorld): Promise<DownloadWorld> {
		const fresh = await DownloadWorld.of(bytes);
		return Object.assign(fresh, { records: old.records, blobs: old.blobs });
	}
});

describe.each([1, 3])('over %i connections', (connections) => {
	beforeEach(async () => {
		world = await worldFor();
	});

	/** Enough parts and a slow enough host for so many connections. */
	async function worldFor(): Promise<DownloadWorld> {
		if (connections === 1) return DownloadWorld.of(bytes);
		const slow = await DownloadWorld.of(30 * part - 9);
		slow.serve({ bytesPerSecond: part });
		return slow;
	}

	test('as many are used as these tests are about', async () => {
		await expectNextRunWhole();
		expect(world.source.mostOpen).toBe(connections);
	});

	test('a tab that dies at any write loses at most what was in memory', async () => {
		const runs = await CrashPoint.exhaust(async (crash) => {
			world = await worldFor();
			const dying = world.run({ crash });
			if (!(await dying.then(() => false, isSimulatedCrash))) return expectNextRunWhole(dying);
			crash.revive();
			await expectNextRunWhole();
			expect(world.source.delivered).toBeLessThanOrEqual(
				world.body.byteLength + inMemory(connections)
			);
		});
		expect(runs).toBeGreaterThanOrEqual(4 * Math.ceil(world.body.byteLength / part));
	}, 60_000);

	test('a disk that is full at any part keeps what it has, and goes on when there is room', async () => {
		const count = Math.ceil(world.body.byteLength / part);
		for (let fits = 0; fits < count; fits++) {
			world = await worldFor();
			world.blobs.setQuota(fits * part);
			await expect(world.run()).rejects.toMatchObject({ code: 'storage/quota' });
			expect(world.source.open).toBe(0);
			const kept = (await world.row())?.parts.filter((digest) => digest !== null) ?? [];
			expect(kept).toHaveLength(fits);
			world.blobs.setQuota(Number.POSITIVE_INFINITY);
			await expectNextRunWhole();
			expect(world.source.delivered).toBeLessThanOrEqual(
				world.body.byteLength + inMemory(connections)
			);
		}
	}, 60_000);

	test('an abort at any part keeps what is stored', async () => {
		const count = Math.ceil(world.body.byteLength / part);
		for (let at = 1; at < count; at++) {
			world = await worldFor();
			const stop = new AbortController();
			const onBytes = (done: number): void => {
				if (done >= at * part) stop.abort();
			};
			await expect(world.run({ signal: stop.signal, onBytes })).rejects.toMatchObject({
				code: 'cancelled'
			});
			expect([world.source.open, world.clock.sleeping]).toEqual([0, 0]);
			expect(await world.strays()).toEqual([]);
			await expectNextRunWhole();
			expect(world.source.delivered).toBeLessThanOrEqual(
				world.body.byteLength + inMemory(connections)
			);
		}
	}, 60_000);

	test('a wall clock that jumps changes nothing', async () => {
		world.source.fail(host, { kind: 'status', status: 503, retryAfter: 30 });
		const run = world.start();
		const jumps = [1, -2, 4, -8, 16, -32].map((days) => days * 86_400_000);
		for (const jump of jumps) {
			await world.clock.advance(500);
			world.clock.jump(jump);
		}
		await expectNextRunWhole(world.inTime(run));
		expect(world.source.delivered).toBe(world.body.byteLength);
		expect(world.clock.monotonic()).toBeGreaterThanOrEqual(30_000);
	});
});
