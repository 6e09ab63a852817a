import { describe, expect, test } from 'vitest';
import { AppError } from './errors.ts';
import { guardStream } from './guard-stream.ts';
import { pieceReader, type PieceReader } from './piece-reader.ts';

type Bytes = Uint8Array<ArrayBuffer>;

const failure = new Error('the wire broke');
const translate = (cause: unknown) => new AppError('download/offline', { cause });

/** A stream that gives these chunks, then fails or ends. */
function chunks(list: readonly number[][], fails: boolean): ReadableStream<Bytes> {
	const left = [...list];
	return new ReadableStream({
		pull(controller) {
			const next = left.shift();
			if (next) controller.enqueue(new Uint8Array(next));
			else if (fails) controller.error(failure);
			else controller.close();
		}
	});
}

/** The same, of a kind that fills the buffers it is given. */
function bytes(list: readonly number[][], fails: boolean): ReadableStream<Bytes> {
	const left = [...list];
	return new ReadableStream({
		type: 'bytes',
		pull(controller) {
			const next = left.shift();
			if (next) controller.enqueue(new Uint8Array(next));
			else if (fails) controller.error(failure);
			else {
				controller.close();
				controller.byobRequest?.respond(0);
			}
		}
	});
}

async function pieces(reader: PieceReader): Promise<number[]> {
	const all: number[] = [];
	for (let piece = await reader.next(); piece; piece = await reader.next()) all.push(...piece);
	return all;
}

describe.each([
	['that hands out chunks', chunks],
	['that fills buffers', bytes]
])('a stream %s', (_, make) => {
	test('is read to its end, guarded or not', async () => {
		expect(await pieces(pieceReader(make([[1, 2], [3]], false)))).toEqual([1, 2, 3]);
		const guarded = guardStream(make([[1, 2], [3]], false), translate);
		expect(await pieces(pieceReader(guarded))).toEqual([1, 2, 3]);
	});

	test('gives what came before its error, then the error translated', async () => {
		const reader = pieceReader(guardStream(make([[1]], true), translate));
		expect([...((await reader.next()) ?? [])]).toEqual([1]);
		await expect(reader.next()).rejects.toMatchObject({
			code: 'download/offline',
			cause: failure
		});
	});

	test('still serves readers that bring no buffer', async () => {
		const reader = guardStream(make([[1, 2]], false), translate).getReader();
		expect((await reader.read()).value).toEqual(new Uint8Array([1, 2]));
		expect((await reader.read()).done).toBe(true);
	});

	test('can be left in the middle', async () => {
		const reader = pieceReader(guardStream(make([[1], [2]], true), translate));
		await reader.next();
		await reader.cancel();
		expect(await reader.next()).toBeUndefined();
	});
});

test('leaving tells the source', async () => {
	const cancelled: unknown[] = [];
	const source = new ReadableStream<Bytes>({
		type: 'bytes',
		cancel: (reason) => void cancelled.push(reason)
	});
	await guardStream(source, translate).cancel('enough');
	expect(cancelled).toEqual(['enough']);
});

test('nothing is read before somebody asks', async () => {
	let pulls = 0;
	const source = new ReadableStream<Bytes>(
		{ pull: (controller) => controller.enqueue(new Uint8Array([++pulls])) },
		{ highWaterMark: 0 }
	);
	const reader = pieceReader(guardStream(source, translate));
	await Promise.resolve();
	expect(pulls).toBe(0);
	await reader.next();
	expect(pulls).toBe(1);
});

test('all pieces of a stream that can are in the same memory', async () => {
	const big = Array.from({ length: 5 }, () => Array<number>(700_000).fill(7));
	const reader = pieceReader(guardStream(bytes(big, false), translate));
	let sum = 0;
	for (let piece = await reader.next(); piece; piece = await reader.next()) {
		expect(piece.buffer.byteLength).toBe(2 ** 20);
		sum += piece.byteLength;
	}
	expect(sum).toBe(3_500_000);
});

test('several streams are read into the same memory, one after another, also after one that fails', async () => {
	const memory = { buffer: new ArrayBuffer(0) };
	for (const fails of [false, true, false]) {
		const reader = pieceReader(guardStream(bytes([[1, 2], [3]], fails), translate), memory);
		const all = pieces(reader);
		if (fails) await expect(all).rejects.toMatchObject({ code: 'download/offline' });
		else {
			expect(await all).toEqual([1, 2, 3]);
			expect(memory.buffer.byteLength).toBe(2 ** 20);
		}
	}
});

test('a stream that is being read already cannot be read twice', () => {
	const stream = bytes([[1]], false);
	stream.getReader();
	expect(() => pieceReader(stream)).toThrow(TypeError);
});
