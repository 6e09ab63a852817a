import { expect, test } from 'vitest';
import { threadCount } from './thread-count.ts';

const machine = (crossOriginIsolated: boolean, hardwareConcurrency: number) => ({
	crossOriginIsolated,
	navigator: { hardwareConcurrency }
});

test('a thread for every second core where memory can be shared, within reason', () => {
	expect([2, 3, 4, 8, 16, 64].map((cores) => threadCount(machine(true, cores)))).toEqual([
		...[1, 1, 2, 4, 8, 8]
	]);
});

test('one thread where memory cannot be shared', () => {
	expect(threadCount(machine(false, 8))).toBe(1);
	expect(threadCount({})).toBe(1);
});

test('never none', () => {
	expect(threadCount(machine(true, 0))).toBe(1);
	expect(threadCount({ crossOriginIsolated: true })).toBe(1);
});
