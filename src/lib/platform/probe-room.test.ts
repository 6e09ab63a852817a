import { expect, test } from 'vitest';
import { probeRoom, reservationSizes } from './probe-room.ts';

const mebibyte = 2 ** 20;
const inMebibytes = (bytes: number) => reservationSizes(bytes).map((size) => size / mebibyte);

test('splits into powers of two, the largest first', () => {
	expect(inMebibytes(100 * mebibyte)).toEqual([64, 32, 4]);
	expect(inMebibytes(1023 * mebibyte)).toEqual([512, 256, 128, 64, 32, 16, 8, 4, 2, 1]);
});

test('keeps whole gibibytes together', () => {
	expect(inMebibytes(3000 * mebibyte)).toEqual([2048, 512, 256, 128, 32, 16, 8]);
	expect(inMebibytes(4096 * mebibyte)).toEqual([4096]);
});

test('rounds up to the next mebibyte', () => {
	expect(inMebibytes(1)).toEqual([1]);
	expect(inMebibytes(mebibyte + 1)).toEqual([2]);
	expect(inMebibytes(1024 * mebibyte - 1)).toEqual([1024]);
});

test('reserves nothing for nothing', () => {
	expect(reservationSizes(0)).toEqual([]);
});

test('adds up to what was asked for, whatever the size', () => {
	for (let bytes = 1; bytes < 2 ** 44; bytes = bytes * 3 + 7) {
		const sum = reservationSizes(bytes).reduce((all, size) => all + size, 0);
		expect(sum - bytes).toBeGreaterThanOrEqual(0);
		expect(sum - bytes).toBeLessThan(mebibyte);
	}
});

test('does not know where there is no file system of the origin', async () => {
	expect(await probeRoom(1)).toBeUndefined();
});
