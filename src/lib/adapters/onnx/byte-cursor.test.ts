import { describe, expect, it } from 'vitest';
import { bytesInPieces } from '../../testing/bytes-in-pieces.ts';
import { ByteCursor } from './byte-cursor.ts';
import { varint } from './protobuf-writer.ts';

function cursorOver(bytes: readonly number[] | Uint8Array<ArrayBuffer>, piece = 3): ByteCursor {
	return new ByteCursor(bytesInPieces(Uint8Array.from(bytes), piece), 'Tiny Llama');
}

describe.each([1, 2, 7, 1000])('ByteCursor, in pieces of %d', (piece) => {
	it.each([0, 1, 127, 128, 300, 2 ** 31, 2 ** 32, 2 ** 35 + 1, Number.MAX_SAFE_INTEGER])(
		'reads the integer %d',
		async (value) => {
			const cursor = cursorOver(varint(BigInt(value)), piece);
			expect(await cursor.varint()).toBe(value);
			expect(await cursor.hasMore()).toBe(false);
		}
	);

	it('reads negative integers, which take ten bytes', async () => {
		expect(await cursorOver(varint(-1n), piece).varint()).toBe(-1);
		expect(await cursorOver(varint(-300n), piece).varint()).toBe(-300);
	});

	it('knows where it is after numbers, text and what it passes', async () => {
		const cursor = cursorOver([0x96, 0x01, ...Buffer.from('héron'), 1, 2, 3, 4, 5, 42], piece);
		expect(await cursor.varint()).toBe(150);
		expect(await cursor.text(6)).toBe('héron');
		expect(cursor.offset).toBe(8);
		await cursor.skip(5);
		expect(cursor.offset).toBe(13);
		expect(await cursor.varint()).toBe(42);
		expect(await cursor.hasMore()).toBe(false);
	});

	it.each([
		['a number', (cursor: ByteCursor) => cursor.varint()],
		['text', (cursor: ByteCursor) => cursor.text(4)],
		['what is passed', (cursor: ByteCursor) => cursor.skip(4)]
	])('says that the file ends within %s', async (_, read) => {
		const reading = read(cursorOver([0x80, 0x80, 0x80], piece));
		await expect(reading).rejects.toMatchObject({
			code: 'engine/bad-model',
			message: expect.stringContaining('Tiny Llama') as string
		});
	});
});

describe('ByteCursor', () => {
	it('refuses a number of more than ten bytes', async () => {
		const endless = cursorOver(new Array<number>(20).fill(0x80));
		await expect(endless.varint()).rejects.toThrow('a number has no end');
	});

	it('refuses more names than a model can have', async () => {
		const megabyte = new Uint8Array(2 ** 20);
		const stream = new ReadableStream<Uint8Array<ArrayBuffer>>({
			pull: (controller) => controller.enqueue(megabyte)
		});
		const cursor = new ByteCursor(stream, 'Tiny Llama');
		const readAll = async (): Promise<void> => {
			for (let i = 0; i < 65; i++) await cursor.text(2 ** 20);
		};
		await expect(readAll()).rejects.toThrow('its names are too long');
	});

	it('lets go of the stream', async () => {
		let isCancelled = false;
		const stream = new ReadableStream<Uint8Array<ArrayBuffer>>({
			cancel: () => void (isCancelled = true)
		});
		await new ByteCursor(stream, 'Tiny Llama').cancel();
		expect(isCancelled).toBe(true);
	});
});
