import { beforeEach, expect, test, vi } from 'vitest';
import { adapterRowOf } from '../../testing/adapter-row-of.ts';
import { AdaptersWorld } from '../../testing/adapters-world.ts';
import { MemoryTabHub } from '../../testing/memory-tab-channel.ts';
import type { AppMessage } from '../app-message.ts';
import { ChangeFeed } from '../change-feed.ts';
import { AdaptersInUse } from './adapters-in-use.svelte.ts';

let world: AdaptersWorld;
let feed: ChangeFeed;
let inUse: AdaptersInUse;

const rows = ['pirate', 'poet', 'lawyer'].map((name) => adapterRowOf(name, { wanted: false }));

beforeEach(async () => {
	world = await new AdaptersWorld().start(rows);
	feed = new ChangeFeed(new MemoryTabHub<AppMessage>().join());
	inUse = new AdaptersInUse({ records: world.records, setup: world.setup, feed });
});

async function turnOn(...names: readonly string[]): Promise<void> {
	const record = await world.setup.read();
	if (!record) throw new Error('There is a setup.');
	const adapters = names.map((name) => ({ adapter: adapterRowOf(name).id, strength: 1 }));
	await world.setup.replace(record.sequence, { ...record.current, adapters });
}

test('tells which are on, in their order, and how many there are', async () => {
	await turnOn('poet', 'pirate');
	await inUse.refresh();
	expect([inUse.names, inUse.stored]).toEqual([['poet', 'pirate'], 3]);
});

test.for(['adapters', 'upgrade'] as const)('follows a change of %s', async (what) => {
	await inUse.refresh();
	expect(inUse.names).toEqual([]);
	await turnOn('lawyer');
	feed.announce(what);
	await vi.waitFor(() => expect(inUse.names).toEqual(['lawyer']));
});

test('reads nothing before a page has asked for it', async () => {
	const read = vi.spyOn(world.setup, 'read');
	feed.announce('adapters');
	await Promise.resolve();
	expect(read).not.toHaveBeenCalled();
});

test('tells of none where nothing can be read', async () => {
	await turnOn('poet');
	await inUse.refresh();
	vi.spyOn(world.setup, 'read').mockRejectedValue(new Error('gone'));
	await inUse.refresh();
	expect([inUse.names, inUse.stored]).toEqual([[], 0]);
});

test('a read that was overtaken tells nothing', async () => {
	const slow = Promise.withResolvers<undefined>();
	vi.spyOn(world.setup, 'read').mockReturnValueOnce(slow.promise);
	const first = inUse.refresh();
	await turnOn('poet');
	await inUse.refresh();
	slow.resolve(undefined);
	await first;
	expect(inUse.names).toEqual(['poet']);
});
