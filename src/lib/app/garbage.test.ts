import { beforeEach, expect, test } from 'vitest';
import type { IndexId } from '../core/ids.ts';
import { indexSpecOf } from '../knowledge/index-spec.ts';
import { indexStore } from '../knowledge/knowledge-records.ts';
import { days } from '../migration/days.ts';
import { write } from '../ports/store-write.ts';
import { MigrationWorld, models, type Tab } from '../testing/migration-world.ts';
import { DateGuard } from './date-guard.ts';
import { Garbage } from './garbage.ts';
import { IndexKeeper } from './index-keeper.ts';
import { readSetting } from './read-setting.ts';

let world: MigrationWorld;
let tab: Tab;
let garbage: Garbage;
/** How often the model store was asked to clear up. */
let orphansCollected: number;
/** Of adapters that are gone. */
let strayBytes: number;

beforeEach(async () => {
	world = await MigrationWorld.create({}, 0);
	tab = world.open();
	orphansCollected = 0;
	strayBytes = 0;
	const records = world.disk;
	const knowledge = {
		dropIndex: (id: IndexId) => records.commit([write.delete(indexStore, id)]),
		retireIndex: async (id: IndexId, deleteAfter: number | null) => {
			const row = await records.get(indexStore, id);
			if (row) await records.commit([write.put(indexStore, { ...row, deleteAfter })]);
		},
		collectGarbage: async (keep: readonly IndexId[], now: number) => {
			const old = (await records.list(indexStore)).filter(
				({ id, deleteAfter }) => (deleteAfter ?? now) < now && !keep.includes(id)
			);
			for (const { id } of old) await knowledge.dropIndex(id);
			return { indexes: old.map(({ id }) => id), bytes: old.length * 12_000_000 };
		}
	};
	const keeper = new IndexKeeper({ ...tab, knowledge, records });
	const library = { collectOrphans: () => Promise.resolve(++orphansCollected) };
	const { clock } = world;
	const today = (): Promise<number> => new DateGuard({ records, clock }).today();
	garbage = new Garbage({
		...{ ...tab, records, clock, today, knowledge, keeper, library },
		collectParts: () => Promise.resolve(strayBytes)
	});
});

async function store(id: string, deleteAfter: number | null): Promise<void> {
	const row = { id: id as IndexId, spec: indexSpecOf(models.old), createdAt: 0, blocks: 3 };
	await world.disk.commit([write.put(indexStore, { ...row, deleteAfter })]);
}

test('tells what was freed, and keeps it', async () => {
	await store('lost', Date.UTC(2023, 4, 3, 12));
	const text = await garbage.collect();
	expect(text).toBe('Freed 12.0 MB: the index of old was kept until May 3, 2023.');
	expect(await readSetting(world.disk, 'lastCollection')).toEqual({
		...{ at: world.clock.now(), bytes: 12_000_000, text }
	});
});

test('tells of each index that went', async () => {
	await store('lost', Date.UTC(2023, 4, 3, 12));
	await store('found', Date.UTC(2023, 5, 4, 12));
	expect(await garbage.collect()).toBe(
		'Freed 24.0 MB: the index of old was kept until May 3, 2023. That of old, until June 4, 2023.'
	);
});

test('tells of the files of removed adapters, beside those of indexes or alone', async () => {
	strayBytes = 2_000_000;
	const alone = 'Freed 2.0 MB: files of removed adapters.';
	expect(await garbage.collect()).toBe(alone);
	await store('lost', Date.UTC(2023, 4, 3, 12));
	expect(await garbage.collect()).toBe(
		`Freed 12.0 MB: the index of old was kept until May 3, 2023. ${alone}`
	);
	expect((await readSetting(world.disk, 'lastCollection'))?.bytes).toBe(14_000_000);
});

test('says nothing where nothing went, and keeps what was told last', async () => {
	await store('lost', world.clock.now() - 1);
	const text = await garbage.collect();
	await store('kept', world.clock.now() + 1000);
	expect(await garbage.collect()).toBeNull();
	expect((await readSetting(world.disk, 'lastCollection'))?.text).toBe(text);
	expect(orphansCollected).toBe(2);
});

test('an index that is only dated frees nothing yet', async () => {
	await store('lost', null);
	expect(await garbage.collect()).toBeNull();
	expect((await world.disk.get(indexStore, 'lost' as IndexId))?.deleteAfter).toBeGreaterThan(
		world.clock.now()
	);
});

test('nothing goes because the clock has leapt years ahead, and all is there when it is set right', async () => {
	await garbage.collect();
	await store('kept', world.clock.now() + days(5));
	world.clock.jump(days(3650));
	expect(await garbage.collect()).toBeNull();
	world.clock.jump(-days(3649));
	expect(await garbage.collect()).toBeNull();
	expect(await world.disk.get(indexStore, 'kept' as IndexId)).toBeDefined();
	world.clock.jump(days(5));
	expect(await garbage.collect()).toContain('the index of old');
});
