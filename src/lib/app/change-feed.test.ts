import { expect, test } from 'vitest';
import { nextTask } from '../core/next-task.ts';
import { MemoryTabHub } from '../testing/memory-tab-channel.ts';
import type { AppMessage } from './app-message.ts';
import { ChangeFeed } from './change-feed.ts';

/** Two tabs, and what each of them heard. */
function twoTabs() {
	const hub = new MemoryTabHub<AppMessage>();
	const heard: string[] = [];
	const feeds = [new ChangeFeed(hub.join()), new ChangeFeed(hub.join())] as const;
	const listen = (tab: 0 | 1, what: 'setup' | 'documents', as = `tab ${tab} ${what}`) =>
		feeds[tab].on(what, () => heard.push(as));
	return { hub, heard, here: feeds[0], listen };
}

test('a change is told at once in this tab, and a moment later in the others', async () => {
	const { here, heard, listen } = twoTabs();
	listen(0, 'setup');
	listen(1, 'setup');
	here.announce('setup');
	expect(heard).toEqual(['tab 0 setup']);
	await nextTask();
	expect(heard).toEqual(['tab 0 setup', 'tab 1 setup']);
});

test('only those hear of it who asked for that thing', async () => {
	const { here, heard, listen } = twoTabs();
	listen(0, 'documents');
	listen(1, 'documents');
	here.announce('setup');
	await nextTask();
	expect(heard).toEqual([]);
});

test('all who asked hear of it, until they have had enough', () => {
	const { here, heard, listen } = twoTabs();
	const stop = listen(0, 'setup', 'one');
	listen(0, 'setup', 'two');
	here.announce('setup');
	stop();
	here.announce('setup');
	expect(heard).toEqual(['one', 'two', 'two']);
});

test('whoever begins to listen because of a change waits for the next one', () => {
	const { here, heard, listen } = twoTabs();
	here.on('setup', () => void listen(0, 'setup', 'late'));
	here.announce('setup');
	expect(heard).toEqual([]);
	here.announce('setup');
	expect(heard).toEqual(['late']);
});

test('what else tabs say to one another is no change', async () => {
	const { hub, heard, listen } = twoTabs();
	listen(0, 'setup');
	hub.join().post({ type: 'release-please', tab: 'other' });
	await nextTask();
	expect(heard).toEqual([]);
});
