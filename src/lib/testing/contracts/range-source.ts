import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { RangeSource } from '../../ports/range-source.ts';
import { readAll } from '../read-all.ts';
import { signInPage, type ReadFault, type ServedFile } from '../scripted-range-source.ts';

export interface RangeSourceUnderTest {
	readonly source: RangeSource;
	/** Serves the file and answers its URL. */
	readonly serve: (file: ServedFile) => string;
	/** What goes wrong at the next read of that URL. */
	readonly fail: (url: string, fault: ReadFault) => void;
	readonly close?: () => Promise<void>;
}

/** The promises of `RangeSource`, checked on one implementation. */
export function describeRangeSource(
	name: string,
	make: () => RangeSourceUnderTest | Promise<RangeSourceUnderTest>
): void {
	describe(`${name} as a RangeSource`, () => {
		const body = Uint8Array.from({ length: 10_000 }, (_, i) => i % 253);
		const never = new AbortController().signal;
		let world: RangeSourceUnderTest;

		beforeEach(async () => {
			world = await make();
		});
		afterEach(() => world.close?.());

		test('reads a whole file', async () => {
			const url = world.serve({ body, validator: '"v1"' });
			const reply = await world.source.read(url, { from: 0 }, never);
			expect(reply).toMatchObject({ from: 0, total: 10_000, validator: '"v1"' });
			expect(await readAll(reply.body)).toEqual(body);
		});

		test('reads from a byte to the end', async () => {
			const url = world.serve({ body });
			const reply = await world.source.read(url, { from: 9990 }, never);
			expect(reply).toMatchObject({ from: 9990, total: 10_000 });
			expect(await readAll(reply.body)).toEqual(body.slice(9990));
		});

		test('reads up to and without a byte, from the first byte too', async () => {
			const url = world.serve({ body });
			const middle = await world.source.read(url, { from: 100, until: 200 }, never);
			expect(await readAll(middle.body)).toEqual(body.slice(100, 200));
			const start = await world.source.read(url, { from: 0, until: 3 }, never);
			expect(start).toMatchObject({ from: 0, total: 10_000 });
			expect(await readAll(start.body)).toEqual(body.slice(0, 3));
		});

		test('says that it starts at 0 where the server ignores ranges', async () => {
			const url = world.serve({ body, ignoresRanges: true });
			const reply = await world.source.read(url, { from: 500 }, never);
			expect(reply).toMatchObject({ from: 0, total: 10_000 });
			expect(await readAll(reply.body)).toEqual(body);
		});

		test('knows no total or validator where the server tells none', async () => {
			const url = world.serve({ body, hidesTotal: true });
			const reply = await world.source.read(url, { from: 10 }, never);
			expect(reply).toMatchObject({ from: 10, total: null, validator: null });
			expect(await readAll(reply.body)).toEqual(body.slice(10));
		});

		test.each([403, 404, 429, 500, 503])('rejects status %i with its number', async (status) => {
			const url = world.serve({ body });
			world.fail(url, { kind: 'status', status });
			const read = world.source.read(url, { from: 0 }, never);
			await expect(read).rejects.toMatchObject({ code: 'download/http', details: { status } });
		});

		test('tells the media type without its parameters, or that there is none', async () => {
			const url = world.serve({ body, contentType: 'text/plain' });
			const typed = await world.source.read(url, { from: 0 }, never);
			expect(typed.contentType).toBe('text/plain');
			const untyped = await world.source.read(world.serve({ body }), { from: 0 }, never);
			expect(untyped.contentType).toBeNull();
			await Promise.all([typed.body.cancel(), untyped.body.cancel()]);
		});

		test('names the host that refuses, and how long it asks to wait', async () => {
			const url = world.serve({ body });
			world.fail(url, { kind: 'status', status: 429, retryAfter: 7 });
			await expect(world.source.read(url, { from: 0 }, never)).rejects.toMatchObject({
				details: { status: 429, retryAfter: 7, host: new URL(url).host }
			});
			world.fail(url, { kind: 'status', status: 429 });
			const error = (await world.source.read(url, { from: 0 }, never).catch((e: unknown) => e)) as {
				details: object;
			};
			expect(error.details).not.toHaveProperty('retryAfter');
		});

		test('passes on a web page in place of the file as what it is', async () => {
			const url = world.serve({ body });
			world.fail(url, { kind: 'web-page' });
			const reply = await world.source.read(url, { from: 10 }, never);
			expect(reply).toMatchObject({ from: 0, contentType: 'text/html' });
			expect(await readAll(reply.body)).toEqual(signInPage);
		});

		test('delivers a body that ends before the size that was told', async () => {
			const url = world.serve({ body });
			world.fail(url, { kind: 'short', at: 300 });
			const reply = await world.source.read(url, { from: 100 }, never);
			expect(reply.total).toBe(10_000);
			expect(await readAll(reply.body)).toEqual(body.slice(100, 300));
		});

		test('believes the size that is told, right or wrong', async () => {
			const url = world.serve({ body });
			world.fail(url, { kind: 'lie', total: 12_345 });
			const reply = await world.source.read(url, { from: 100 }, never);
			expect(reply.total).toBe(12_345);
			await reply.body.cancel();
		});

		test('delivers a wrong byte without noticing', async () => {
			const url = world.serve({ body });
			world.fail(url, { kind: 'flip', at: 5000 });
			const reply = await world.source.read(url, { from: 0 }, never);
			const wrong = body.slice();
			wrong[5000]! ^= 1;
			expect(await readAll(reply.body)).toEqual(wrong);
		});

		test('rejects a range behind the end with status 416', async () => {
			const url = world.serve({ body });
			const read = world.source.read(url, { from: 10_000 }, never);
			await expect(read).rejects.toMatchObject({
				code: 'download/http',
				details: { status: 416 }
			});
		});

		test('rejects with `download/offline` when nobody answers', async () => {
			const url = world.serve({ body });
			world.fail(url, { kind: 'offline' });
			const read = world.source.read(url, { from: 0 }, never);
			await expect(read).rejects.toMatchObject({ code: 'download/offline' });
		});

		test('delivers what came before a cut, then `download/offline`', async () => {
			const url = world.serve({ body });
			world.fail(url, { kind: 'cut', at: 5000 });
			const reply = await world.source.read(url, { from: 0 }, never);
			await expect(readAll(reply.body)).rejects.toMatchObject({ code: 'download/offline' });
			const again = await world.source.read(url, { from: 5000 }, never);
			expect(await readAll(again.body)).toEqual(body.slice(5000));
		});

		test('ends a silent read with `cancelled` when the reader gives up', async () => {
			const url = world.serve({ body });
			world.fail(url, { kind: 'stall', at: 100 });
			const controller = new AbortController();
			const reply = await world.source.read(url, { from: 0 }, controller.signal);
			const reading = readAll(reply.body);
			controller.abort();
			await expect(reading).rejects.toMatchObject({ code: 'cancelled' });
		});

		test('does not start under a signal that has aborted', async () => {
			const url = world.serve({ body });
			const read = world.source.read(url, { from: 0 }, AbortSignal.abort());
			await expect(read).rejects.toMatchObject({ code: 'cancelled' });
		});

		test('lets the reader leave in the middle', async () => {
			const url = world.serve({ body });
			const reply = await world.source.read(url, { from: 0 }, never);
			await expect(reply.body.cancel()).resolves.toBeUndefined();
		});
	});
}
