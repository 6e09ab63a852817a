import { beforeEach, expect, test, vi } from 'vitest';
import { adapterStore } from '../adapters/adapter-records.ts';
import type { Setup } from '../core/setup.ts';
import { write } from '../ports/store-write.ts';
import { adapterRowOf } from '../testing/adapter-row-of.ts';
import { MigrationWorld } from '../testing/migration-world.ts';
import type { AdapterKeeper } from './adapter-keeper.ts';
import type { AdapterWork } from './adapter-work.ts';
import type { ChangeFeed } from './change-feed.ts';
import { keepAdapters } from './keep-adapters.ts';

let world: MigrationWorld;
const bringInLine = vi.fn<AdapterKeeper['bringInLine']>();
const announce = vi.fn<ChangeFeed['announce']>();

beforeEach(async () => {
	world = await MigrationWorld.create({}, 0);
	bringInLine.mockReset().mockResolvedValue([{ name: 'lawyer', on: true, reason: 'It fits.' }]);
	announce.mockReset();
});

function keep(before: Setup | null): Promise<string | null> {
	const { setup } = world.open();
	const work = { keeper: { bringInLine } } as unknown as AdapterWork;
	return keepAdapters(
		{
			...{ setup, parts: { records: world.disk } },
			adapters: () => Promise.resolve(work),
			feed: { announce } as unknown as ChangeFeed
		},
		before
	);
}

test('does nothing where there are no adapters', async () => {
	expect(await keep(null)).toBeNull();
	expect(bringInLine).not.toHaveBeenCalled();
});

test('tells what came on since another chat engine was in use', async () => {
	await world.disk.commit([write.put(adapterStore, adapterRowOf('lawyer'))]);
	const chat = { ...world.oldSetup.chat, model: 'other' as never };
	const before = { ...world.oldSetup, chat };
	expect(await keep(before)).toBe('The adapter “lawyer” is on again. It fits.');
	expect(bringInLine).toHaveBeenCalledWith(undefined, before);
	expect(announce).toHaveBeenCalledWith('adapters');
});

test('tells nothing of what the user has switched meanwhile: the chat engine is the same', async () => {
	await world.disk.commit([write.put(adapterStore, adapterRowOf('lawyer'))]);
	const before = { ...world.oldSetup, adapters: [{ adapter: 'x' as never, strength: 1 }] };
	await keep(before);
	expect(bringInLine).toHaveBeenCalledWith(undefined, world.oldSetup);
});
