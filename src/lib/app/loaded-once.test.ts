import { expect, test } from 'vitest';
import { loadedOnce } from './loaded-once.ts';

test('nothing is loaded before it is asked for, and then once for everyone', async () => {
	let loads = 0;
	const desk = loadedOnce(async () => ({ load: ++loads }));
	expect(loads).toBe(0);
	const [first, second] = await Promise.all([desk(), desk()]);
	expect(first).toBe(second);
	expect(await desk()).toEqual({ load: 1 });
});

test('what could not be loaded is tried again by the next who asks', async () => {
	let isOffline = true;
	const desk = loadedOnce(async () => {
		if (isOffline) throw new Error('offline');
		return 'a desk';
	});
	await expect(desk()).rejects.toThrow('offline');
	isOffline = false;
	expect(await desk()).toBe('a desk');
});
