import { expect, test } from 'vitest';
import { nextTask } from '../lib/core/next-task.ts';
import { sideBySide } from './side-by-side.ts';

test('so many at once and no more, in their order, until all are done', async () => {
	const begun: number[] = [];
	const ends = new Map<number, () => void>();
	let isDone = false;
	const all = sideBySide([1, 2, 3, 4], 2, (item) => {
		begun.push(item);
		return new Promise<void>((resolve) => ends.set(item, resolve));
	}).then(() => (isDone = true));
	expect(begun).toEqual([1, 2]);
	ends.get(2)?.();
	await nextTask();
	expect(begun).toEqual([1, 2, 3]);
	ends.get(1)?.();
	await nextTask();
	ends.get(3)?.();
	await nextTask();
	expect([begun, isDone]).toEqual([[1, 2, 3, 4], false]);
	ends.get(4)?.();
	await all;
	expect(isDone).toBe(true);
});

test('after a failure nothing new begins, and it is told', async () => {
	const begun: number[] = [];
	const failing = sideBySide([1, 2, 3, 4, 5], 2, async (item) => {
		begun.push(item);
		await nextTask();
		if (item === 1) throw new Error('gone');
	});
	await expect(failing).rejects.toThrow('gone');
	await nextTask();
	expect(begun.length).toBeLessThan(5);
	expect(begun.slice(0, 2)).toEqual([1, 2]);
});

test('nothing to do is done at once', async () => {
	await expect(
		sideBySide([], 3, () => Promise.reject(new Error('never')))
	).resolves.toBeUndefined();
});
