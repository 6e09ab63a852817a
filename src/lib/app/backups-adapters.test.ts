import { beforeEach, describe, expect, test, vi } from 'vitest';
import { AdapterPartShelf } from '../adapters/adapter-part-shelf.ts';
import { AdapterStore } from '../adapters/adapter-store.ts';
import {
	adapterCheckStore,
	adapterPartStore,
	adapterStore,
	type AdapterPartRow,
	type AdapterRow
} from '../adapters/adapter-records.ts';
import { AppError } from '../core/errors.ts';
import type { PlanId, Sha256 } from '../core/ids.ts';
import { nextTask } from '../core/next-task.ts';
import { snapshotStore } from '../migration/migration-records.ts';
import type { RecordStore } from '../ports/record-store.ts';
import { write } from '../ports/store-write.ts';
import { Sha256HasherFactory } from '../platform/sha256-hasher.ts';
import { MigrationWorld, models } from '../testing/migration-world.ts';
import { storeAdapter } from '../testing/store-adapter.ts';
import { adapterFilesKept } from './adapter-files-kept.ts';
import { backedUpStores } from './backed-up-stores.ts';
import { Backups } from './backups.ts';

let world: MigrationWorld;
let backups: Backups;
let lawyer: AdapterRow;
const onRestored = vi.fn<() => void>();

beforeEach(async () => {
	onRestored.mockClear();
	world = await MigrationWorld.create({}, 0);
	backups = over(world.disk);
	lawyer = await storeAdapter(world.disk, 'lawyer', { strength: 0.5 });
});

function over(records: RecordStore): Backups {
	return new Backups({
		...{ ...world.open(), clock: world.clock, records, stores: backedUpStores },
		listings: () => Promise.resolve([]),
		onRestored,
		collectParts: () => collectParts()
	});
}

/** As the store of adapters does it. */
async function collectParts(): Promise<number> {
	const rows = await world.disk.list(adapterStore);
	const own = rows.flatMap(({ files }) => files.map(({ sha256 }) => sha256));
	const needed = new Set([...(await adapterFilesKept(world.disk)), ...own]);
	return new AdapterPartShelf(world.disk).collect(needed);
}

async function backUp(): Promise<PlanId> {
	world.clock.jump(1000);
	await backups.takeNow();
	return (await backups.list())[0]!.id;
}

/** As the user removes one. */
async function removeAdapter({ id }: AdapterRow): Promise<void> {
	await world.disk.commit([write.delete(adapterStore, id)]);
	await collectParts();
}

function change(parts: Partial<AdapterRow>): Promise<void> {
	return world.disk.commit([write.put(adapterStore, { ...lawyer, ...parts })]);
}

const rows = () => world.disk.list(adapterStore);
const parts = (): Promise<AdapterPartRow[]> => world.disk.list(adapterPartStore);

describe('a backup with adapters', () => {
	test('has their names and their size', async () => {
		const [before] = [await backUp()];
		const { adapters, bytes } = (await backups.list())[0]!;
		expect(adapters).toEqual(['lawyer']);
		const json = JSON.stringify(await world.disk.get(snapshotStore, [before]));
		expect(bytes).toBe(new TextEncoder().encode(json).byteLength + lawyer.bytes);
	});

	test('puts back how an adapter is called, whether it is wanted, and how much', async () => {
		const id = await backUp();
		await change({ name: 'attorney', wanted: false, strength: 2 });
		const told = ['Adapter “attorney”: named “lawyer”, switched on, strength 2 → 0.5'];
		expect((await backups.preview(id)).changes).toEqual(told);
		await backups.restore(id);
		expect(await rows()).toEqual([lawyer]);
	});

	test('keeps what was learned of the base since', async () => {
		const id = await backUp();
		await change({ strength: 1, base: { ...lawyer.base, model: 'Llama' } });
		await backups.restore(id);
		expect(await rows()).toEqual([{ ...lawyer, base: { ...lawyer.base, model: 'Llama' } }]);
	});

	test('never deletes an adapter: one that it does not know is switched off', async () => {
		await removeAdapter(lawyer);
		const id = await backUp();
		const pirate = await storeAdapter(world.disk, 'pirate');
		expect((await backups.preview(id)).changes).toEqual(['Adapter “pirate”: switched off']);
		await backups.restore(id);
		expect(await rows()).toEqual([{ ...pirate, wanted: false }]);
		expect(await parts()).toHaveLength(2);
	});

	test('brings a removed adapter back: its bytes stay as long as a backup names them', async () => {
		const id = await backUp();
		await removeAdapter(lawyer);
		expect(await rows()).toEqual([]);
		expect(await parts()).toHaveLength(2);
		const { changes } = await backups.restore(id);
		expect(changes).toEqual(['Adapter put back: “lawyer”, switched on']);
		expect(await rows()).toEqual([lawyer]);
	});

	test('says by name when the bytes are gone', async () => {
		const id = await backUp();
		await removeAdapter(lawyer);
		await world.disk.commit([write.delete(adapterPartStore, [lawyer.files[0]!.sha256, 1])]);
		const { changes, lost } = await backups.restore(id);
		expect(changes).toEqual([]);
		expect(lost).toEqual([expect.stringContaining('“lawyer” cannot be put back') as string]);
		expect(await rows()).toEqual([]);
	});

	test('takes the bytes with it that nothing else names, and tells how many', async () => {
		const [first, second] = [await backUp(), await backUp()];
		await removeAdapter(lawyer);
		expect(await backups.remove(first)).toBe(0);
		expect(await backups.remove(second)).toBe(lawyer.bytes);
		expect(await parts()).toEqual([]);
	});

	test('leaves the bytes of an adapter that is here', async () => {
		expect(await backups.remove(await backUp())).toBe(0);
		expect(await parts()).toHaveLength(2);
	});
});

describe('a file with adapters', () => {
	let file: Blob;

	beforeEach(async () => {
		await storeAdapter(world.disk, 'pirate', { wanted: false });
		file = await backups.file(await backUp());
	});

	/** A device on which nothing of this is. */
	async function elsewhere(): Promise<void> {
		world = await MigrationWorld.create({}, 0);
		backups = over(world.disk);
	}

	async function lines(): Promise<string[]> {
		return (await file.text()).trimEnd().split('\n');
	}

	async function add(changed: readonly string[]): Promise<boolean> {
		await elsewhere();
		return backups.addFile(new Blob([`${changed.join('\n')}\n`]), 'mine.json');
	}

	test('brings rows and bytes to another device', async () => {
		const before = [await rows(), await parts()];
		expect(await add(await lines())).toBe(true);
		expect(await rows()).toEqual([]);
		const { changes, lost } = await backups.restore((await backups.list())[0]!.id);
		expect([changes.toSorted(), lost]).toEqual([
			['Adapter put back: “lawyer”, switched on', 'Adapter put back: “pirate”'],
			[]
		]);
		expect([await rows(), await parts()]).toEqual(before);
	});

	test('mends damaged bytes, also where the backup is in the list already', async () => {
		const [good] = await parts();
		await world.disk.commit([
			write.put(adapterPartStore, { ...good!, bytes: new TextEncoder().encode('rot') })
		]);
		expect(await backups.addFile(file, 'mine.json')).toBe(false);
		expect((await parts())[0]).toEqual(good);
	});

	test('lets an adapter that it puts right be used again', async () => {
		const check = { adapter: lawyer.id, model: models.new.id, at: 1, matched: 0, of: 2 };
		const failed = { ...check, result: 'failed', reason: 'Its files are damaged.' } as const;
		const good = (await parts()).find(({ sha256 }) => sha256 === lawyer.files[0]!.sha256);
		await world.disk.commit([
			write.put(adapterCheckStore, failed),
			write.put(adapterPartStore, { ...good!, bytes: new TextEncoder().encode('rot') })
		]);
		await backups.addFile(file, 'mine.json');
		expect(await world.disk.list(adapterCheckStore)).toEqual([]);
		expect(onRestored).toHaveBeenCalledOnce();
	});

	test('leaves whole bytes as they are, also where it has cut them otherwise', async () => {
		const before = await parts();
		const all = (await lines()).map((line) => JSON.parse(line) as Record<string, unknown>);
		const [head, first, second, ...others] = all;
		const both = [first, second].map((line) => atob(line!.base64 as string)).join('');
		const cut = [btoa(''), btoa(both)].map((base64, part) => ({ ...first, part, base64 }));
		const changed = [head, ...cut, ...others].map((line) => JSON.stringify(line));
		await backups.addFile(new Blob([`${changed.join('\n')}\n`]), 'mine.json');
		expect(await parts()).toEqual(before);
	});

	test('loses nothing where another tab clears away while it is added', async () => {
		await elsewhere();
		const there = new AdapterStore({
			...{ records: world.disk, clock: world.clock, locks: world.open().locks },
			hashers: new Sha256HasherFactory()
		});
		const clearing: Promise<number>[] = [];
		const watched: RecordStore = {
			get: (...args) => world.disk.get(...args),
			list: (...args) => world.disk.list(...args),
			count: (...args) => world.disk.count(...args),
			commit: async (writes, options) => {
				await world.disk.commit(writes, options);
				clearing.push(there.collectParts(() => adapterFilesKept(world.disk)));
				for (let turn = 0; turn < 20; turn++) await nextTask();
			}
		};
		await over(watched).addFile(file, 'mine.json');
		expect(new Set(await Promise.all(clearing))).toEqual(new Set([0]));
		expect(await parts()).toHaveLength(4);
	});

	test('leaves out an adapter whose bytes are damaged, and that is told when it is put back', async () => {
		const [good] = await parts();
		await world.disk.commit([
			write.put(adapterPartStore, { ...good!, bytes: new TextEncoder().encode('rot') })
		]);
		file = await backups.file((await backups.list())[0]!.id);
		expect(await lines()).toHaveLength(3);
		await add(await lines());
		const { changes, lost } = await backups.restore((await backups.list())[0]!.id);
		expect([changes.length, lost.length]).toEqual([1, 1]);
	});

	const other = 'cd'.repeat(32) as Sha256;
	test.each<[string, (all: string[]) => string[]]>([
		['its last line', (all) => all.slice(0, -1)],
		['a line in the middle', (all) => all.toSpliced(2, 1)],
		['half a line', (all) => [...all.slice(0, -1), all.at(-1)!.slice(0, 40)]],
		['two lines in their order', (all) => [all[0]!, all[2]!, all[1]!, ...all.slice(3)]],
		[
			'one letter of the bytes',
			(all) => all.with(1, all[1]!.replace('"base64":"Zm', '"base64":"Zn'))
		],
		['the hash of a part', (all) => all.with(1, all[1]!.replace(/[0-9a-f]{64}/, other))],
		[
			'the hash of a file',
			(all) => all.with(0, all[0]!.replace(/("files":\[")[0-9a-f]{64}/, `$1${other}`))
		],
		['its end, where more follows', (all) => [...all, all.at(-1)!]],
		['base64', (all) => all.with(1, all[1]!.replace('"base64":"', '"base64":"!'))]
	])('that lost %s is refused, and nothing is stored', async (_, spoil) => {
		const changed = spoil(await lines());
		expect(changed).not.toEqual(await lines());
		await expect(add(changed)).rejects.toMatchObject({ code: 'backup/damaged' });
		expect([await backups.list(), await parts()]).toEqual([[], []]);
	});

	test('that does not fit leaves nothing behind', async () => {
		await elsewhere();
		let room = 2;
		const full: RecordStore = {
			get: (...args) => world.disk.get(...args),
			list: (...args) => world.disk.list(...args),
			count: (...args) => world.disk.count(...args),
			commit: (writes, options) => {
				const fills = writes.some(({ op, store }) => op === 'put' && store === 'adapter-parts');
				if (fills && room-- === 0) return Promise.reject(new AppError('storage/quota'));
				return world.disk.commit(writes, options);
			}
		};
		const refused = { code: 'storage/quota' };
		await expect(over(full).addFile(file, 'mine.json')).rejects.toMatchObject(refused);
		expect([await backups.list(), await parts()]).toEqual([[], []]);
	});
});
