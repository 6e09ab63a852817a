import { beforeEach, expect, test, vi } from 'vitest';
import type { IndexId, ModelId, PlanId } from '../core/ids.ts';
import type { EngineChoice, Setup } from '../core/setup.ts';
import { snapshotStore, type SnapshotRow } from '../migration/migration-records.ts';
import { write } from '../ports/store-write.ts';
import { CrashPoint } from '../testing/crash-point.ts';
import { MigrationWorld, type Tab } from '../testing/migration-world.ts';
import { isSimulatedCrash } from '../testing/simulated-crash.ts';
import { backedUpStores } from './backed-up-stores.ts';
import { Backups } from './backups.ts';
import { readSetting } from './read-setting.ts';
import { settingsStore, type Appearance } from './settings-record.ts';
import { promptStore, TestPrompts } from './test-prompts.ts';

let world: MigrationWorld;
let tab: Tab;
let models: ModelId[];
let backups: Backups;
const onRestored = vi.fn();

beforeEach(async () => {
	world = await MigrationWorld.create();
	tab = world.open();
	models = ['old', 'new'] as ModelId[];
	backups = open();
	onRestored.mockClear();
});

function open(crash = CrashPoint.never()): Backups {
	return new Backups({
		collectParts: () => Promise.resolve(0),
		...{ ...tab, clock: world.clock, records: crash.records(world.disk), onRestored },
		stores: backedUpStores,
		listings: () => Promise.resolve(models.map((id) => ({ id })))
	});
}

async function set(appearance: Appearance): Promise<void> {
	await world.disk.commit([write.put(settingsStore, { name: 'appearance', value: appearance })]);
}

/** Takes a backup, a second after whatever was before. */
async function backUp(): Promise<PlanId> {
	world.clock.jump(1000);
	await backups.takeNow();
	return newest();
}

async function newest(): Promise<PlanId> {
	return (await backups.list())[0]!.id;
}

async function rowOf(id: PlanId): Promise<SnapshotRow> {
	return (await world.disk.get(snapshotStore, [id]))!;
}

async function damage(id: PlanId): Promise<void> {
	await world.disk.commit([write.put(snapshotStore, { ...(await rowOf(id)), config: {} })]);
}

/** Puts another setup in use, as an upgrade does. */
async function use(parts: Partial<Setup>): Promise<void> {
	const { sequence, current } = await world.record();
	await tab.setup.replace(sequence, { ...current, ...parts });
}

const choice = (model: string, engine = 'scripted'): EngineChoice => ({
	...{ engine, model: model as ModelId, revision: '1', name: model.toUpperCase() }
});

test('lists what was taken, the newest first, with size, reason and whether it holds', async () => {
	await set('dark');
	const first = await backUp();
	const second = await backUp();
	expect((await backups.list()).map(({ id }) => id)).toEqual([second, first]);
	expect((await backups.list())[1]).toEqual({
		...{ id: first, takenAt: world.clock.now() - 1000, chat: 'OLD', embedding: 'OLD' },
		adapters: [],
		bytes: new TextEncoder().encode(JSON.stringify(await rowOf(first))).length,
		...{ reason: 'By hand', intact: true, removable: true }
	});
	await damage(first);
	expect((await backups.list()).map(({ intact }) => intact)).toEqual([true, false]);
});

test('the backup of an upgrade says which, and stays until that is over', async () => {
	await tab.controller.start(world.plan());
	const [backup] = await backups.list();
	expect(backup).toMatchObject({ reason: 'Before the upgrade to NEW', removable: false });
	await expect(backups.remove(backup!.id)).rejects.toMatchObject({ code: 'backup/needed' });
	await tab.controller.keep();
	await backups.remove(backup!.id);
	expect(await backups.list()).toEqual([]);
});

test('a backup of an earlier version is listed, and cannot be told from a damaged one', async () => {
	const { planId, takenAt, record } = await rowOf(await backUp());
	await world.disk.commit([write.put(snapshotStore, { planId, takenAt, record })]);
	const [backup] = await backups.list();
	expect(backup).toMatchObject({ intact: null, reason: 'Before an upgrade' });
});

test('puts settings back, and backs up those that were there before', async () => {
	await set('dark');
	const id = await backUp();
	await set('light');
	const told = ['Appearance: light → dark'];
	expect(await backups.preview(id)).toMatchObject({ changes: told, setup: { type: 'same' } });
	expect(await readSetting(world.disk, 'appearance')).toBe('light');

	world.clock.jump(1000);
	expect(await backups.restore(id)).toMatchObject({ changes: told });
	expect(await readSetting(world.disk, 'appearance')).toBe('dark');
	expect(onRestored).toHaveBeenCalledOnce();

	const [before] = await backups.list();
	expect(before).toMatchObject({ reason: 'Before another backup was put back', intact: true });
	await backups.restore(before!.id);
	expect(await readSetting(world.disk, 'appearance')).toBe('light');
});

test('puts test prompts back, also the absence of any', async () => {
	const prompts = new TestPrompts(world.disk, world.clock);
	const before = await backUp();
	await prompts.add('What is new?');
	const after = await backUp();
	await backups.restore(before);
	expect(await world.disk.list(promptStore)).toEqual([]);
	expect((await backups.preview(after)).changes).toContain('Test prompt added: “What is new?”');
	await backups.restore(after);
	expect((await prompts.list()).at(-1)?.text).toBe('What is new?');
});

test('a setting that was not made then is unmade', async () => {
	const id = await backUp();
	await set('dark');
	expect((await backups.restore(id)).changes).toEqual(['Appearance: dark → not set']);
	expect(await readSetting(world.disk, 'appearance')).toBeUndefined();
});

test('what the app notes by itself is neither saved nor put back', async () => {
	const id = await backUp();
	const note = { name: 'lastCollection', value: { at: 1, bytes: 2, text: 'Freed.' } } as const;
	await world.disk.commit([write.put(settingsStore, note)]);
	expect((await rowOf(await backUp())).config?.settings).toEqual([]);
	await backups.restore(id);
	expect(await readSetting(world.disk, 'lastCollection')).toEqual(note.value);
});

test('where nothing differs nothing is written', async () => {
	const id = await backUp();
	const { commits } = world.disk;
	expect(await backups.restore(id)).toEqual({
		...{ changes: [], lost: [] },
		setup: { type: 'same' }
	});
	expect(world.disk.commits).toBe(commits);
	expect(onRestored).not.toHaveBeenCalled();
});

test('never writes the setup: it says what to choose for an upgrade back', async () => {
	const id = await backUp();
	await use({ chat: choice('new'), index: 'other' as IndexId });
	const record = await world.record();
	const { setup } = await backups.restore(id);
	expect(setup).toEqual({
		type: 'upgrade',
		choose: { chat: 'old', embedding: null },
		changes: ['Chat engine: NEW → OLD'],
		missing: []
	});
	expect(await world.record()).toEqual(record);
});

test('says which model is gone and what to do, and lets the other one be chosen', async () => {
	await use({ chat: choice('gone'), embedding: choice('old') });
	const local = await backUp();
	await use({ chat: choice('llama', 'remote'), embedding: choice('gone') });
	const served = await backUp();
	await use({ chat: choice('new'), embedding: choice('new') });

	expect((await backups.preview(local)).setup).toMatchObject({
		choose: { chat: null, embedding: 'old' },
		changes: ['Embedding engine: NEW → OLD'],
		missing: [
			expect.stringContaining('GONE is neither on this device nor in the catalog') as string
		]
	});
	expect((await backups.preview(served)).setup).toMatchObject({
		choose: { chat: null, embedding: null },
		missing: [
			expect.stringContaining('Add the server again in Settings') as string,
			expect.stringContaining('Embedding engine: GONE') as string
		]
	});
});

test('another index of the same engine is no upgrade', async () => {
	const id = await backUp();
	await use({ index: 'other' as IndexId });
	expect((await backups.preview(id)).setup).toEqual({ type: 'other-index' });
});

test('on trial the backup before it is undone; any other one has to wait', async () => {
	await use({ chat: choice('gone') });
	const earlier = await backUp();
	await use({ chat: world.oldSetup.chat });
	world.clock.jump(1000);
	await tab.controller.start(world.plan());
	expect((await backups.preview(world.plan().id)).setup).toEqual({ type: 'undo' });
	expect((await backups.preview(earlier)).setup).toEqual({ type: 'busy' });
});

test('nothing is put back from a backup that is damaged or gone', async () => {
	await set('dark');
	const id = await backUp();
	await damage(id);
	await set('light');
	const refused = { code: 'backup/damaged' };
	await expect(backups.restore(id)).rejects.toMatchObject(refused);
	await expect(backups.preview(id)).rejects.toMatchObject(refused);
	await expect(backups.file(id)).rejects.toMatchObject(refused);
	await backups.remove(id);
	await expect(backups.restore(id)).rejects.toMatchObject({ code: 'backup/missing' });
	expect(await readSetting(world.disk, 'appearance')).toBe('light');
});

test('a crash at any write leaves the settings as they were or as they are to be', async () => {
	const hosts = { name: 'hosts', value: ['https://models.example'] } as const;
	const crashes = await CrashPoint.exhaust(async (crash) => {
		world = await MigrationWorld.create({}, 0);
		tab = world.open();
		backups = open();
		await set('dark');
		await world.disk.commit([write.put(settingsStore, hosts)]);
		const id = await backUp();
		await set('light');
		await world.disk.commit([write.delete(settingsStore, 'hosts')]);

		await open(crash)
			.restore(id)
			.catch((error: unknown) => {
				if (!isSimulatedCrash(error)) throw error;
			});
		const now = [
			await readSetting(world.disk, 'appearance'),
			await readSetting(world.disk, 'hosts')
		];
		expect([
			['light', undefined],
			['dark', hosts.value]
		]).toContainEqual(now);
		expect((await backups.list()).every(({ intact }) => intact)).toBe(true);

		await backups.restore(id);
		expect(await readSetting(world.disk, 'appearance')).toBe('dark');
	});
	// The backup of the moment and the settings: before and after each.
	expect(crashes).toBe(4);
});
