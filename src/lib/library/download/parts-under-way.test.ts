import { beforeEach, expect, test } from 'vitest';
import { DownloadWorld } from '../../testing/download-world.ts';

let world: DownloadWorld;
beforeEach(async () => {
	world = await DownloadWorld.of(20 * 4096);
});

test('reading waits while storing is behind, so that memory stays small', async () => {
	let release = (): void => undefined;
	const gate = new Promise<void>((resolve) => (release = resolve));
	const put = world.blobs.put.bind(world.blobs);
	world.blobs.put = (key, body) => gate.then(() => put(key, body));
	// A limit, however high, keeps it to one connection.
	world.bandwidth.limit = 1e12;
	const run = world.start();
	for (let i = 0; i < 50; i++) await world.clock.advance(1000);
	// Two parts that wait for the disk, and the piece after them.
	expect(world.source.delivered).toBe(2 * 4096 + 1024);
	release();
	expect(await world.stored(await world.inTime(run))).toEqual(world.body);
	// The wait for the disk was not taken for a silent host.
	expect(world.starts).toEqual([0]);
});

test('buffers are used again', async () => {
	const buffers = new Set<ArrayBuffer>();
	const put = world.blobs.put.bind(world.blobs);
	world.blobs.put = (key, body) => {
		buffers.add(body.buffer);
		return put(key, body);
	};
	await world.run();
	expect(buffers.size).toBeLessThanOrEqual(3);
});

test('progress never counts a byte twice, and ends with the file', async () => {
	const heard: number[] = [];
	await world.run({ onBytes: (done) => heard.push(done) });
	expect(heard).toEqual([...heard].sort((a, b) => a - b));
	expect([heard[0], heard.at(-1)]).toEqual([0, 20 * 4096]);
	expect(heard.length).toBeLessThanOrEqual(23);
});
