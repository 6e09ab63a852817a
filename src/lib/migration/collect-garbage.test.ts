import { expect, test } from 'vitest';
import { MigrationWorld } from '../testing/migration-world.ts';
import { days } from './days.ts';

async function begin(options: Parameters<MigrationWorld['plan']>[1] = {}) {
	const world = await MigrationWorld.create();
	const tab = world.open();
	await tab.controller.start(world.plan({}, options));
	return { world, tab, old: world.oldSetup.index };
}

test('the old index and the snapshot go when their time is over, not before', async () => {
	const { world, tab, old } = await begin();
	await tab.controller.keep();
	world.clock.jump(days(7) - 1);
	expect(await tab.collect()).toEqual({ indexes: [], snapshots: [] });
	world.clock.jump(2);
	expect(await tab.collect()).toEqual({ indexes: [old], snapshots: [world.plan().id] });
	expect((await world.index(old)).vectors).toEqual([]);
	expect((await world.index(world.newIndex)).vectors).toHaveLength(40);
	expect(await tab.collect()).toEqual({ indexes: [], snapshots: [] });
});

test('the new index goes in time after an undo', async () => {
	const { world, tab, old } = await begin();
	await tab.controller.undo();
	expect((await tab.collect()).indexes).toEqual([]);
	world.clock.jump(days(7) + 1);
	expect((await tab.collect()).indexes).toEqual([world.newIndex]);
	expect((await world.index(old)).vectors).toHaveLength(40);
});

test('nothing that a trial or an upgrade needs is collected, whatever date it has', async () => {
	const { world, tab, old } = await begin({ switchMoment: 'ask' });
	for (const index of [old, world.newIndex]) await tab.workshop.retireIndex(index, 1);
	expect(await tab.collect()).toEqual({ indexes: [], snapshots: [] });
	await tab.controller.approveSwitch();
	expect(await tab.collect()).toEqual({ indexes: [], snapshots: [] });
	await tab.controller.keep();
	await tab.workshop.retireIndex(old, 1);
	expect((await tab.collect()).indexes).toEqual([old]);
});

test('without a setup nothing is touched', async () => {
	const { world, tab } = await begin();
	await tab.workshop.retireIndex(world.newIndex, 1);
	await world.disk.commit([{ op: 'delete', store: 'setup', key: 'active' }]);
	expect(await tab.collect()).toEqual({ indexes: [], snapshots: [] });
});
