import { beforeEach, expect, test } from 'vitest';
import type { ModelId } from '../../core/ids.ts';
import { write } from '../../ports/store-write.ts';
import { MemoryTabHub } from '../../testing/memory-tab-channel.ts';
import { MigrationWorld, type Tab } from '../../testing/migration-world.ts';
import type { AppMessage } from '../app-message.ts';
import { backedUpStores } from '../backed-up-stores.ts';
import { Backups } from '../backups.ts';
import { ChangeFeed } from '../change-feed.ts';
import type { EngineWish } from '../upgrade-desk.ts';
import { settingsStore } from '../settings-record.ts';
import { BackupsView } from './backups-view.svelte.ts';

let world: MigrationWorld;
let tab: Tab;
let feed: ChangeFeed;
let view: BackupsView;
let chosen: EngineWish[];

beforeEach(async () => {
	world = await MigrationWorld.create({}, 0);
	tab = world.open();
	feed = new ChangeFeed(new MemoryTabHub<AppMessage>().join());
	chosen = [];
	const backups = new Backups({
		collectParts: () => Promise.resolve(0),
		...{ ...tab, clock: world.clock, records: world.disk, stores: backedUpStores },
		listings: () => Promise.resolve([{ id: 'old' as ModelId }]),
		onRestored: () => feed.announce('settings')
	});
	view = new BackupsView({
		...{ feed, records: world.disk },
		backups: () => Promise.resolve(backups),
		choose: (choice) => chosen.push(choice)
	});
	await view.takeNow();
});

const only = () => view.list![0]!;

async function setAppearance(value: 'light' | 'dark'): Promise<void> {
	await world.disk.commit([write.put(settingsStore, { name: 'appearance', value })]);
}

test('takes a backup and says that it was checked', () => {
	expect(view.list).toMatchObject([{ reason: 'By hand', intact: true }]);
	expect(view.notices.notice).toContain('checked');
});

test('puts settings back and shows the backup that was taken before', async () => {
	await setAppearance('dark');
	const { id } = only();
	expect((await view.preview(id))?.changes).toEqual(['Appearance: dark → not set']);
	world.clock.jump(1000);
	expect(await view.restore(id)).toBe(false);
	expect(view.notices.notice).toContain('in force');
	expect(view.list).toHaveLength(2);
	expect(chosen).toEqual([]);
});

test('chooses the engines of the backup for an upgrade, and says that it did', async () => {
	const { sequence, current } = await world.record();
	const other = { ...current.chat, model: 'new' as ModelId };
	await tab.setup.replace(sequence, { ...current, chat: other });
	expect(await view.restore(only().id)).toBe(true);
	expect(chosen).toEqual([{ chat: 'old', embedding: null }]);
});

test('where the engine of the backup is gone there is nothing to choose', async () => {
	const { sequence, current } = await world.record();
	const gone = { ...current.chat, model: 'gone' as ModelId };
	const { sequence: next } = await tab.setup.replace(sequence, { ...current, chat: gone });
	world.clock.jump(1000);
	await view.takeNow();
	await tab.setup.replace(next, current);
	expect(await view.restore(only().id)).toBe(false);
	expect(chosen).toEqual([]);
	expect(view.notices.notice).toBe('Nothing differed.');
});

test('says why a file is refused, and that one is there already', async () => {
	await view.addFile(new File(['{}'], 'notes.json'));
	expect(view.notices.error?.message).toContain('notes.json is no backup');
	const file = new File([(await view.file(only().id)) ?? ''], 'mine.json');
	await view.addFile(file);
	expect(view.notices).toMatchObject({
		error: null,
		notice: 'The backup in mine.json is in the list already.'
	});
	await view.remove(only().id);
	expect(view.list).toEqual([]);
	await view.addFile(file);
	expect(view.list).toHaveLength(1);
});

test('what has been deleted elsewhere is told, and gone from the list', async () => {
	const { id } = only();
	await world.disk.commit([{ op: 'delete', store: 'snapshots', key: [id] }]);
	expect(await view.preview(id)).toBeNull();
	expect(view.notices.error?.code).toBe('backup/missing');
	await view.remove(id);
	expect(view.list).toEqual([]);
});

test('follows upgrades, and shows what was freed last', async () => {
	expect(view.lastCollection).toBeNull();
	const value = { at: 5, bytes: 7, text: 'Freed 7 bytes.' };
	await world.disk.commit([write.put(settingsStore, { name: 'lastCollection', value })]);
	feed.announce('upgrade');
	await expect.poll(() => view.lastCollection).toEqual(value);
});
