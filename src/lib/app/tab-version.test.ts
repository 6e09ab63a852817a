import { beforeEach, expect, test } from 'vitest';
import { nextTask } from '../core/next-task.ts';
import { MemoryTabHub } from '../testing/memory-tab-channel.ts';
import type { AppMessage } from './app-message.ts';
import { TabVersion } from './tab-version.ts';

let hub: MemoryTabHub<AppMessage>;

beforeEach(() => {
	hub = new MemoryTabHub<AppMessage>();
});

/** A tab that has been opened with that build, and what takes its place in the browser. */
function opened(build: string) {
	let replace: () => void = () => undefined;
	const channel = hub.join();
	const version = new TabVersion({
		channel,
		build,
		onReplaced: (listener) => (replace = listener)
	});
	version.hello();
	return { version, replace: () => replace() };
}

test('tabs of the same build work on beside each other', async () => {
	const [first, second] = [opened('1'), opened('1')];
	await nextTask();
	expect([first.version.outdated, second.version.outdated]).toEqual([false, false]);
});

test('of two builds the one that was opened first is out of date', async () => {
	const [first, second] = [opened('1'), opened('2')];
	await nextTask();
	expect([first.version.outdated, second.version.outdated]).toEqual([true, false]);
});

test('all tabs of the older build are out of date', async () => {
	const older = [opened('1'), opened('1')];
	opened('2');
	await nextTask();
	expect(older.map(({ version }) => version.outdated)).toEqual([true, true]);
});

test('a tab is out of date once a newer app has taken over what is stored', () => {
	const { version, replace } = opened('1');
	replace();
	expect(version.outdated).toBe(true);
});

test('whoever listens is told once, and at once when it is so already', async () => {
	const { version, replace } = opened('1');
	let told = 0;
	version.onOutdated(() => told++);
	opened('2');
	await nextTask();
	replace();
	expect(told).toBe(1);
	version.onOutdated(() => told++);
	expect(told).toBe(2);
});
