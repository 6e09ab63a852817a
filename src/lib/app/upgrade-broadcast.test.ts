import { beforeEach, expect, test } from 'vitest';
import { nextTask } from '../core/next-task.ts';
import type { MigrationView } from '../migration/describe-progress.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { MemoryTabHub } from '../testing/memory-tab-channel.ts';
import type { AppMessage } from './app-message.ts';
import { UpgradeBroadcast } from './upgrade-broadcast.ts';

let clock: ManualClock;
let leader: UpgradeBroadcast;
/** The fractions that a tab that follows has heard. */
let heard: number[];

beforeEach(() => {
	const hub = new MemoryTabHub<AppMessage>();
	clock = new ManualClock();
	leader = new UpgradeBroadcast({ channel: hub.join(), clock });
	heard = [];
	new UpgradeBroadcast({ channel: hub.join(), clock }).onHeard(({ fraction }) =>
		heard.push(fraction)
	);
});

/** Of a view, only what is looked at here. */
const at = (fraction: number) => ({ fraction }) as MigrationView;

test('the first word is sent at once', async () => {
	leader.send(at(0.1));
	await nextTask();
	expect(heard).toEqual([0.1]);
});

test('of many words in a row the last is sent, a quarter of a second after the one before', async () => {
	for (const fraction of [0.1, 0.2, 0.3, 0.4]) leader.send(at(fraction));
	await clock.advance(249);
	for (const fraction of [0.5, 0.6]) leader.send(at(fraction));
	expect(heard).toEqual([0.1]);
	await clock.advance(1);
	expect(heard).toEqual([0.1, 0.6]);
});

test('a thousand words a second are four messages', async () => {
	for (let i = 1; i <= 1000; i++) {
		leader.send(at(i));
		await clock.advance(1);
	}
	await clock.advance(250);
	expect(heard.length).toBeLessThanOrEqual(6);
	expect(heard.at(-1)).toBe(1000);
});

test('the sender does not hear itself', async () => {
	const own: unknown[] = [];
	leader.onHeard((view) => own.push(view));
	leader.send(at(0.1));
	await nextTask();
	expect(own).toEqual([]);
});
