import { beforeEach, describe, expect, test } from 'vitest';
import { scrambled } from '../../testing/download-bytes.ts';
import { DownloadWorld, hosts } from '../../testing/download-world.ts';

const [host] = hosts;
const parts = 60;
/** A connection brings one part a second. */
const bytesPerSecond = 4096;

let world: DownloadWorld;

beforeEach(async () => {
	world = await DownloadWorld.of(parts * 4096 - 100);
	world.serve({ bytesPerSecond });
});

async function expectWhole(run = world.run()): Promise<void> {
	const file = await run;
	expect(await world.stored(file)).toEqual(world.body);
	expect(await world.strays()).toEqual([]);
}

describe('a host that limits each connection', () => {
	test('is read over three, each byte once', async () => {
		await expectWhole();
		expect(world.source.mostOpen).toBe(3);
		expect(world.source.delivered).toBe(world.body.byteLength);

		expect(world.clock.monotonic()).toBeLessThan(35_000);
	});

	test('is read over one where a limit is set', async () => {
		world.bandwidth.limit = 1_000_000;
		await expectWhole();
		expect(world.source.mostOpen).toBe(1);
	});

	test('is read over one where the file is small', async () => {
		world = await DownloadWorld.of(9 * 4096);
		world.serve({ bytesPerSecond });
		await expectWhole();
		expect(world.source.mostOpen).toBe(1);
	});

	test('is read over one where it sends only whole files', async () => {
		world.serve({ bytesPerSecond, ignoresRanges: true });
		await expectWhole();
		expect(world.source.reads).toHaveLength(2);
		expect(world.source.delivered).toBeLessThanOrEqual(world.body.byteLength + 1024);
	});

	test('and refuses a second one is read over the first', async () => {
		const run = world.start();
		while (world.source.reads.length === 0) await world.clock.advance(0);
		world.source.fail(host, { kind: 'status', status: 429, retryAfter: 600 });
		await expectWhole(world.inTime(run));
		expect(world.source.mostOpen).toBe(1);
		expect(world.source.reads).toHaveLength(2);
	});
});

describe('a host that limits all connections together', () => {
	test('is read over one again after a try', async () => {
		world.serve({ bytesPerSecond, sharesRate: true });
		await expectWhole();
		expect(world.source.mostOpen).toBe(2);
		expect(world.source.delivered).toBeLessThan(world.body.byteLength * 1.1);
	});
});

describe('when one of three fails', () => {
	test('the others take over what it leaves, and no byte is fetched again', async () => {
		const read = world.source.read.bind(world.source);
		world.source.read = (url, range, signal) => {
			if (world.source.reads.length === 2)
				world.source.fail(url, { kind: 'cut', at: range.from + 5000 });
			return read(url, range, signal);
		};
		await expectWhole();
		expect(world.source.mostOpen).toBe(3);
		expect(world.source.delivered).toBe(world.body.byteLength);
	});

	test('a file that changed is begun again', async () => {
		const old = scrambled(world.body.byteLength, 5);
		world.serve({ body: old, validator: 'v0', bytesPerSecond });
		const run = world.start();
		while (world.source.open < 2) await world.clock.advance(500);
		world.serve({ validator: 'v1', bytesPerSecond });
		await expectWhole(world.inTime(run));
		expect(world.starts.filter((from) => from === 0)).toHaveLength(2);
	});

	test('an abort ends them all and keeps what they stored', async () => {
		const stop = new AbortController();
		const run = world.start({ signal: stop.signal });
		while (world.source.open < 3) await world.clock.advance(500);
		await world.clock.advance(3000);
		stop.abort();
		await expect(run).rejects.toMatchObject({ code: 'cancelled' });
		expect([world.source.open, world.clock.sleeping]).toEqual([0, 0]);
		expect(await world.strays()).toEqual([]);
		const before = world.source.delivered;
		await expectWhole(world.run());
		expect(world.source.delivered - before).toBeLessThan(world.body.byteLength);
		expect(world.source.delivered).toBeLessThanOrEqual(world.body.byteLength + 3 * 4096);
	});
});

test('twenty cuts at random places cost less than a tenth of the file again', async () => {
	world.serve({});
	let seed = 3;
	const places = Array.from({ length: 20 }, () => {
		seed = (seed * 16_807) % 2_147_483_647;
		return seed % world.body.byteLength;
	});
	for (const at of places.sort((a, b) => a - b)) world.source.fail(host, { kind: 'cut', at });
	await expectWhole(world.run());
	expect(world.source.reads).toHaveLength(21);
	expect(world.source.delivered).toBeLessThanOrEqual(world.body.byteLength * 1.1);
});
