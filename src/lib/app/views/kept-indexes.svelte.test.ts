import { expect, test, vi } from 'vitest';
import { AppError } from '../../core/errors.ts';
import type { IndexId } from '../../core/ids.ts';
import { MemoryTabHub } from '../../testing/memory-tab-channel.ts';
import type { AppMessage } from '../app-message.ts';
import { ChangeFeed } from '../change-feed.ts';
import { KeptIndexes } from './kept-indexes.svelte.ts';

const one = { id: 'one' as IndexId, name: 'One', bytes: 10, deleteAfter: 50 };

function opened() {
	const feed = new ChangeFeed(new MemoryTabHub<AppMessage>().join());
	const keeper = {
		list: vi.fn(() => Promise.resolve([one])),
		free: vi.fn(() => Promise.resolve())
	};
	return { feed, keeper, kept: new KeptIndexes({ keeper, feed }) };
}

test('shows what is kept, and follows upgrades', async () => {
	const { feed, keeper, kept } = opened();
	expect(kept.list).toEqual([]);
	await kept.refresh();
	expect(kept.list).toEqual([one]);
	keeper.list.mockResolvedValue([]);
	feed.announce('upgrade');
	await expect.poll(() => kept.list).toEqual([]);
});

test('tells every view that one was given up', async () => {
	const { feed, keeper, kept } = opened();
	const heard = vi.fn();
	feed.on('upgrade', heard);
	await kept.free(one.id);
	expect(keeper.free).toHaveBeenCalledWith(one.id);
	expect(heard).toHaveBeenCalled();
});

test('says what went wrong, until it goes well', async () => {
	const { keeper, kept } = opened();
	keeper.free.mockRejectedValueOnce(new AppError('storage/unavailable'));
	await kept.free(one.id);
	expect(kept.error?.code).toBe('storage/unavailable');
	await kept.refresh();
	expect(kept.error).toBeNull();
});
