import { beforeEach, describe, expect, test } from 'vitest';
import { adapterStore } from '../../adapters/adapter-records.ts';
import type { Json } from '../../core/json.ts';
import type { RecordStore, StoreOf } from '../../ports/record-store.ts';
import { write } from '../../ports/store-write.ts';
import { adapterRowOf } from '../../testing/adapter-row-of.ts';
import { MigrationWorld } from '../../testing/migration-world.ts';
import { ScriptedShelf, type ShelfScript } from '../../testing/scripted-shelf.ts';
import { TestStepRun } from '../../testing/step-run.ts';
import { configStore } from '../config-store.ts';
import { snapshotStore, type SnapshotRow } from '../migration-records.ts';
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

function stepOver(records: RecordStore = world.disk, shelf: ShelfScript = {}) {
	const { locks } = world.open();
	const setup = new SetupRepository(records, world.clock, locks);
	const adapters = new ScriptedShelf(records, world.clock, shelf);
	const step = snapshotStep({ records, setup, adapters, clock: world.clock, configStores });
	const params = { setup: world.oldSetup };
	const run = new TestStepRun(records, world.plan());
	return { adapters, do: () => step.do(params, run), verify: () => step.verify(params, run) };
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

describe('adapters', () => {
	const whole = adapterRowOf('whole');
	const torn = adapterRowOf('torn');

	beforeEach(() =>
		world.disk.commit([write.put(adapterStore, whole), write.put(adapterStore, torn)])
	);

	test('are verified, all of them, before the copy is taken', async () => {
		const step = stepOver();
		await step.do();
		expect(step.adapters.verified.toSorted()).toEqual([whole.id, torn.id].toSorted());
		expect(await step.verify()).toEqual({
			done: true,
			result: { takenAt: world.clock.now(), digest: (await saved()).digest }
		});
	});

	test('that are damaged are named, and do not stop the upgrade', async () => {
		const step = stepOver(world.disk, { damaged: [torn.id] });
		await step.do();
		expect(await step.verify()).toMatchObject({ done: true, result: { damaged: ['torn'] } });
	});

	test('are not asked about where there are none', async () => {
		await world.disk.commit([
			write.delete(adapterStore, whole.id),
			write.delete(adapterStore, torn.id)
		]);
		const step = stepOver();
		await step.do();
		expect(step.adapters.verified).toEqual([]);
	});
});

async function taken(): Promise<SnapshotRow> {
	await stepOver().do();
	return saved();
}
