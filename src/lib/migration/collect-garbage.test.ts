import { expect, test } from 'vitest';
import type { IndexId, PlanId } from '../core/ids.ts';
import { write } from '../ports/store-write.ts';
import { CrashPoint } from '../testing/crash-point.ts';
import { MigrationWorld } from '../testing/migration-world.ts';
import { workshopIndexes } from '../testing/record-workshop.ts';
import { isSimulatedCrash } from '../testing/simulated-crash.ts';
import { days } from './days.ts';
import { journalStore, snapshotStore } from './migration-records.ts';

const nothing = { indexes: [], bytes: 0, snapshots: [], dated: [] };
/** 40 vectors of 32 numbers. */
const vectorBytes = 40 * 32 * 4;
const lost = 'lost' as IndexId;
const byHand = 'by-hand' as PlanId;

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
	expect(await tab.collect()).toEqual(nothing);
	world.clock.jump(2);
	expect(await tab.collect()).toEqual({
		indexes: [old],
		bytes: vectorBytes,
		snapshots: [world.plan().id],
		dated: []
	});
	expect((await world.index(old)).vectors).toEqual([]);
	expect((await world.index(world.newIndex)).vectors).toHaveLength(40);
	expect(await tab.collect()).toEqual(nothing);
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
	expect(await tab.collect()).toEqual(nothing);
	await tab.controller.approveSwitch();
	expect(await tab.collect()).toEqual(nothing);
	await tab.controller.keep();
	await tab.workshop.retireIndex(old, 1);
	expect((await tab.collect()).indexes).toEqual([old]);
});

test('without a setup nothing is touched', async () => {
	const { world, tab } = await begin();
	await tab.workshop.retireIndex(world.newIndex, 1);
	await world.disk.commit([{ op: 'delete', store: 'setup', key: 'active' }]);
	expect(await tab.collect()).toEqual(nothing);
});

/** An index like the old one that no journal names: what is left of an upgrade that cannot be read. */
async function orphan(world: MigrationWorld): Promise<void> {
	const { row } = await world.index(world.oldSetup.index);
	await world.disk.commit([write.put(workshopIndexes, { ...row!, id: lost, deleteAfter: null })]);
}

/** A backup that the user has asked for. */
async function backUp(world: MigrationWorld): Promise<void> {
	const record = await world.record();
	const row = { planId: byHand, takenAt: 1, record, reason: 'by-hand' } as const;
	await world.disk.commit([write.put(snapshotStore, row)]);
}

test('an index that nothing needs and nothing dated gets a date, and goes when it has passed', async () => {
	const { world, tab } = await begin();
	await tab.controller.keep();
	await orphan(world);
	expect(await tab.collect()).toEqual({ ...nothing, dated: [lost] });
	expect((await world.index(lost)).row?.deleteAfter).toBe(world.clock.now() + days(7));
	expect(await tab.collect()).toEqual(nothing);
	world.clock.jump(days(7) + 1);
	expect((await tab.collect()).indexes).toContain(lost);
});

test('an index that an upgrade is building gets no date, although no setup names it', async () => {
	const { world, tab } = await begin({ switchMoment: 'ask' });
	expect(await tab.collect()).toEqual(nothing);
	expect((await world.index(world.newIndex)).row?.deleteAfter).toBeNull();
});

test('what is left of a journal without its plan is dated, and not deleted at once', async () => {
	const { world, tab } = await begin();
	await tab.controller.undo();
	await tab.workshop.retireIndex(world.newIndex, null);
	await world.disk.commit([write.deletePrefix(journalStore, [world.plan().id])]);
	expect(await tab.collect()).toMatchObject({ indexes: [], dated: [world.newIndex] });
	expect((await world.index(world.newIndex)).vectors).toHaveLength(40);
});

test('a backup that the user asked for stays, however old it is', async () => {
	const { world, tab } = await begin();
	await tab.controller.keep();
	await backUp(world);
	world.clock.jump(days(1000));
	expect((await tab.collect()).snapshots).toEqual([world.plan().id]);
	expect(await world.disk.list(snapshotStore)).toHaveLength(1);
});

test('a crash at any write takes nothing that is needed, and the next time does the rest', async () => {
	const crashes = await CrashPoint.exhaust(async (crash) => {
		const { world, tab, old } = await begin();
		await tab.controller.keep();
		await orphan(world);
		await backUp(world);
		world.clock.jump(days(7) + 1);
		const inUse = await world.index(world.newIndex);

		await world
			.open(crash)
			.collect()
			.catch((error: unknown) => {
				if (!isSimulatedCrash(error)) throw error;
			});
		expect(await world.index(world.newIndex)).toEqual(inUse);
		expect(await world.disk.get(snapshotStore, [byHand])).toBeDefined();
		expect((await world.index(lost)).row).toBeDefined();

		crash.revive();
		await world.open(crash).collect();
		expect(await world.index(world.newIndex)).toEqual(inUse);
		expect((await world.index(old)).row).toBeUndefined();
		expect((await world.disk.list(snapshotStore)).map(({ planId }) => planId)).toEqual([byHand]);
		expect((await world.index(lost)).row?.deleteAfter).toBe(world.clock.now() + days(7));
		expect(await world.open().collect()).toEqual(nothing);
	});
	// The date of the orphan, the old index, the snapshot: before and after each.
	expect(crashes).toBe(6);
});
