import { beforeEach, expect, test } from 'vitest';
import type { IndexId } from '../core/ids.ts';
import { indexSpecOf } from '../knowledge/index-spec.ts';
import { indexStore } from '../knowledge/knowledge-records.ts';
import { write } from '../ports/store-write.ts';
import { MigrationWorld, models, type Tab } from '../testing/migration-world.ts';
import { IndexKeeper } from './index-keeper.ts';

let world: MigrationWorld;
let tab: Tab;
let keeper: IndexKeeper;

beforeEach(async () => {
	world = await MigrationWorld.create({}, 0);
	tab = world.open();
	const knowledge = {
		dropIndex: (id: IndexId) => world.disk.commit([write.delete(indexStore, id)])
	};
	keeper = new IndexKeeper({ ...tab, knowledge, records: world.disk });
});

/** An index as the knowledge base stores it; `deleteAfter` null is one in use. */
async function store(id: IndexId, deleteAfter: number | null): Promise<void> {
	const row = { id, spec: indexSpecOf(models.old), createdAt: 0, deleteAfter, blocks: 3 };
	await world.disk.commit([write.put(indexStore, row)]);
}

const noIndex = 'none' as IndexId;

test('lists what is kept for going back, with its model, size and date', async () => {
	await tab.controller.start(world.plan());
	await tab.controller.keep();
	await store(world.oldSetup.index, 99);
	await store(world.newIndex, null);
	await store(noIndex, 50);
	expect(await keeper.list()).toEqual([
		{ id: noIndex, name: 'old', bytes: 3 * 256 * 32 * 4, deleteAfter: 50 },
		{ id: world.oldSetup.index, name: 'OLD', bytes: 3 * 256 * 32 * 4, deleteAfter: 99 }
	]);
});

test('never lists what is in use, on trial, or being built', async () => {
	await store(world.oldSetup.index, 99);
	await store(world.newIndex, 99);
	expect((await keeper.list()).map(({ id }) => id)).toEqual([world.newIndex]);
	await tab.controller.start(world.plan({}, { switchMoment: 'ask' }));
	expect(await keeper.list()).toEqual([]);
	await tab.controller.approveSwitch();
	expect(await keeper.list()).toEqual([]);
});

test('gives up one sooner', async () => {
	await store(noIndex, 50);
	await keeper.free(noIndex);
	expect(await keeper.list()).toEqual([]);
});

test('gives up nothing that is needed again', async () => {
	await store(world.oldSetup.index, 50);
	const refused = expect.objectContaining({ code: 'migration/refused' }) as Error;
	await expect(keeper.free(world.oldSetup.index)).rejects.toThrow(refused);
	expect(await world.disk.get(indexStore, world.oldSetup.index)).toBeDefined();
});
