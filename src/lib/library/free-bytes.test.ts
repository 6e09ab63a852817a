import { expect, test } from 'vitest';
import { freeBytes } from './free-bytes.ts';

/** A browser that tells one figure and grants another. */
function browser({ usage = 0, quota = 0, really = Infinity }) {
	const asked: number[] = [];
	return {
		asked,
		estimate: async () => ({ usage, quota, persisted: false }),
		hasRoom: async (bytes: number) => {
			asked.push(bytes);
			return bytes <= really;
		}
	};
}

test('is what the browser tells', async () => {
	expect(await freeBytes(browser({ usage: 300, quota: 1000 }))).toBe(700);
	expect(await freeBytes(browser({ usage: 300, quota: 1000 }), 500)).toBe(700);
});

test('is never below nothing', async () => {
	expect(await freeBytes(browser({ usage: 1200, quota: 1000 }))).toBe(0);
});

test('is not known where the browser does not tell', async () => {
	const silent = browser({ really: 0 });
	expect(await freeBytes(silent, 500)).toBeNull();
	expect(silent.asked).toEqual([]);
});

test('needs no probe where even what is told is too little', async () => {
	const small = browser({ quota: 400 });
	expect(await freeBytes(small, 500)).toBe(400);
	expect(small.asked).toEqual([]);
});

test('is probed once where that fits', async () => {
	const honest = browser({ quota: 1000 });
	await freeBytes(honest, 500);
	expect(honest.asked).toEqual([500]);
});

test.each([
	['nearly all', 990_000_000],
	['a third', 333_333_333],
	['a little', 10_000_000],
	['nothing', 0]
])('is about what is really there when it is %s of it', async (_, really) => {
	const boastful = browser({ quota: 1e12, really });
	const free = (await freeBytes(boastful, 1e9))!;
	expect(free).toBeLessThanOrEqual(really);
	expect(really - free).toBeLessThan(1e9 / 200);
	expect(boastful.asked).toHaveLength(9);
});
