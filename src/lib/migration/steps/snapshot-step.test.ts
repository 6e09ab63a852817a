import { beforeEach, expect, test } from 'vitest';
import type { Json } from '../../core/json.ts';
import type { RecordStore, StoreOf } from '../../ports/record-store.ts';
import { write } from '../../ports/store-write.ts';
import { MigrationWorld } from '../../testing/migration-world.ts';
import { configStore } from '../config-store.ts';
import { snapshotStore, type SnapshotRow } from '../migration-records.ts';
import type { StepRun } from '../migration-step.ts';
import { SetupRepository } from '../setup-repository.ts';
import { isIntact, snapshotDigest } from '../snapshot.ts';
import { snapshotStep } from './snapshot-step.ts';

interface Setting {
	readonly name: string;
	readonly value: Json;
}

const settings: StoreOf<Setting, string> = { name: 'settings', keyOf: ({ name }) => name };
const configStores = [configStore(settings, (row): row is Setting => row !== null)];

let world: MigrationWorld;

beforeEach(async () => {
	world = await MigrationWorld.create({}, 0);
	await world.disk.commit([write.put(settings, { name: 'appearance', value: 'dark' })]);
});

function stepOver(records: RecordStore = world.disk) {
	const { locks } = world.open();
	const setup = new SetupRepository(records, world.clock, locks);
	const step = snapshotStep({ records, setup, clock: world.clock, configStores });
	const params = { setup: world.oldSetup };
	const run = { plan: world.plan() } as StepRun;
	return { do: () => step.do(params, run), verify: () => step.verify(params, run) };
}

async function saved(): Promise<SnapshotRow> {
	return (await world.disk.get(snapshotStore, [world.plan().id]))!;
}

/** A disk that gives the backup back otherwise than it was written. */
function forgetful(change: (row: SnapshotRow) => SnapshotRow | undefined): RecordStore {
	const { disk } = world;
	return {
		get: async (store, key) => {
			const row = await disk.get(store, key);
			if (store.name !== snapshotStore.name || row === undefined) return row;
			return change(row as SnapshotRow) as typeof row;
		},
		list: (...args) => disk.list(...args),
		count: (...args) => disk.count(...args),
		commit: (...args) => disk.commit(...args)
	};
}

test('saves the setup with the settings, and a fingerprint of both', async () => {
	const step = stepOver();
	expect(await step.verify()).toEqual({ done: false });
	await step.do();
	const row = await saved();
	expect(row).toMatchObject({
		reason: 'upgrade',
		takenAt: world.clock.now(),
		record: { current: world.oldSetup },
		config: { settings: [{ name: 'appearance', value: 'dark' }] }
	});
	expect(row.digest).toBe(await snapshotDigest(row));
	expect(await step.verify()).toEqual({
		done: true,
		result: { takenAt: row.takenAt, digest: row.digest }
	});
	expect(world.disk.durabilities.at(-1)).toBe('strict');
});

test.each<[string, (row: SnapshotRow) => SnapshotRow | undefined]>([
	['is gone', () => undefined],
	['has another setting', (row) => ({ ...row, config: { settings: [] } })],
	['has another setup', (row) => ({ ...row, record: { ...row.record, sequence: 99 } })],
	['has lost its fingerprint', ({ planId, takenAt, record }) => ({ planId, takenAt, record })]
])('fails when what is read back %s', async (_, change) => {
	await expect(stepOver(forgetful(change)).do()).rejects.toMatchObject({
		code: 'backup/damaged',
		message: expect.stringContaining('fingerprint') as string
	});
});

test('a backup that is damaged later does not pass, and is taken anew', async () => {
	const step = stepOver();
	await step.do();
	await world.disk.commit([write.put(snapshotStore, { ...(await saved()), config: {} })]);
	expect(await step.verify()).toEqual({ done: false });
	await step.do();
	expect(await step.verify()).toMatchObject({ done: true });
});

test('a backup of an earlier version still counts: there is nothing to tell it by', async () => {
	const { planId, takenAt, record } = { ...(await taken()), planId: world.plan().id };
	await world.disk.commit([write.put(snapshotStore, { planId, takenAt, record })]);
	expect(await isIntact(await saved())).toBeNull();
	expect(await stepOver().verify()).toEqual({ done: true, result: { takenAt, digest: null } });
});

test('is refused when the setup is no longer the planned one', async () => {
	const { setup } = world.open();
	const other = { ...world.oldSetup, index: world.newIndex };
	await setup.replace(1, other);
	await expect(stepOver().do()).rejects.toMatchObject({ code: 'storage/conflict' });
	expect(await saved()).toBeUndefined();
});

async function taken(): Promise<SnapshotRow> {
	await stepOver().do();
	return saved();
}
