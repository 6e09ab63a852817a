import { expect, test } from 'vitest';
import { threadCount } from './thread-count.ts';

const machine = (crossOriginIsolated: boolean, hardwareConcurrency: number) => ({
	crossOriginIsolated,
	navigator: { hardwareConcurrency }
});

test('one thread for each core where memory can be shared, within reason', () => {
	expect(threadCount(machine(true, 2))).toBe(2);
	expect(threadCount(machine(true, 64))).toBe(8);
});

test('one thread where memory cannot be shared', () => {
	expect(threadCount(machine(false, 8))).toBe(1);
	expect(threadCount({})).toBe(1);
});

test('never none', () => {
	expect(threadCount(machine(true, 0))).toBe(1);
	expect(threadCount({ crossOriginIsolated: true })).toBe(1);
});
