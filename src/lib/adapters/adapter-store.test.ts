import { beforeEach, describe, expect, it } from 'vitest';
import { tinyAdapter } from '../../../tests/fixtures/tiny-adapters/tiny-adapter.ts';
import type { ModelFileMap } from '../../../tests/fixtures/tiny-models/model-file-map.ts';
import type { AdapterId, ModelId, Sha256 } from '../core/ids.ts';
import { AppError } from '../core/errors.ts';
import { nextTask } from '../core/next-task.ts';
import type { RecordStore } from '../ports/record-store.ts';
import { write } from '../ports/store-write.ts';
import { CrashPoint } from '../testing/crash-point.ts';
import { InstantHasherFactory } from '../testing/instant-hash.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { MemoryLocks } from '../testing/memory-locks.ts';
import { memoryModelFiles } from '../testing/memory-model-files.ts';
import { MemoryRecordStore } from '../testing/memory-record-store.ts';
import { readAll } from '../testing/read-all.ts';
import { isSimulatedCrash } from '../testing/simulated-crash.ts';
import {
	adapterCheckStore,
	adapterPartStore,
	adapterStore,
	type AdapterRow
} from './adapter-records.ts';
import { AdapterStore, type NewAdapter } from './adapter-store.ts';
import { readPeft } from './peft/read-peft.ts';

const signal = new AbortController().signal;
const about: NewAdapter = { name: 'Pirate', source: 'a folder', base: null };
const nothing = () => Promise.resolve(new Set<Sha256>());

let records: MemoryRecordStore;
let store: AdapterStore;

function storeOver(over: RecordStore, locks?: MemoryLocks): AdapterStore {
	const hashers = new InstantHasherFactory();
	const clock = new ManualClock(1000);
	return new AdapterStore({ records: over, clock, hashers, ...(locks && { locks }) });
}

function add(files: ModelFileMap, name = 'Pirate'): Promise<AdapterRow> {
	return store.add(memoryModelFiles(files), { ...about, name }, signal);
}

function rowsOf(name: string): readonly unknown[] {
	return records.everything().get(name) ?? [];
}

/** Another device. */
function twin(): AdapterStore {
	return storeOver(new MemoryRecordStore());
}

/** Changes one byte of a stored file. */
async function damage({ files }: AdapterRow, path: string): Promise<void> {
	const sha256 = files.find((file) => file.path === path)!.sha256;
	const part = (await records.get(adapterPartStore, [sha256, 0]))!;
	const bytes = part.bytes.map((byte, at) => (at === part.bytes.length - 1 ? byte ^ 1 : byte));
	await records.commit([write.put(adapterPartStore, { ...part, bytes })]);
}

beforeEach(() => {
	records = new MemoryRecordStore();
	store = storeOver(records);
});

describe('adding', () => {
	it('keeps an adapter with all that is known of it, not wanted yet', async () => {
		const files = tinyAdapter({ rank: 4 });
		const row = await store.add(
			memoryModelFiles(new Map(files).set('README.md', new Uint8Array(9))),
			{ ...about, base: { identity: null, model: 'Tiny Llama' } },
			signal
		);
		expect(row).toMatchObject({
			name: 'Pirate',
			addedAt: 1000,
			source: 'a folder',
			base: { name: 'tests/tiny-llama', identity: null, model: 'Tiny Llama' },
			rank: 4,
			isZero: false,
			wanted: false,
			strength: 1
		});
		expect(row.id).toMatch(/^[0-9a-f]{64}$/);
		expect(row.modules).toHaveLength(4);
		expect(row.modules[0]).toEqual({
			module: 'model.layers.0.self_attn.q_proj',
			rank: 4,
			inSize: 64,
			outSize: 64
		});
		expect(row.files.map(({ path }) => path)).toEqual([...files.keys()]);
		expect(row.bytes).toBe(
			[...files.values()].reduce((sum, { byteLength }) => sum + byteLength, 0)
		);
		expect(await store.list()).toEqual([row]);
	});

	it('takes an adapter by what it is, not by the order or the names around it', async () => {
		const { id } = await add(tinyAdapter({ seed: 1 }));
		const moved = [...tinyAdapter({ seed: 1 })].reverse();
		const files = new Map(moved.map(([path, bytes]) => [`run/${path}`, bytes]));
		const error = await add(files, 'Parrot').catch((thrown: unknown) => thrown);
		expect(error).toMatchObject({ code: 'adapter/duplicate', details: { name: 'Pirate' } });
		expect((await add(tinyAdapter({ seed: 2 }))).id).not.toBe(id);
		expect(await store.list()).toHaveLength(2);
	});

	it('cuts large files into parts', async () => {
		const shape = { layers: 2, heads: 64, keyValueHeads: 2, headSize: 64, feedForward: 128 };
		const row = await add(tinyAdapter({ rank: 128, shape, targets: ['q_proj'] }));
		expect(row.files[1]).toMatchObject({ parts: 3 });
		const parts = await records.list(adapterPartStore, { prefix: [row.files[1]!.sha256] });
		expect(parts.map(({ bytes }) => bytes.byteLength)).toEqual([
			4 * 2 ** 20,
			4 * 2 ** 20,
			row.files[1]!.bytes - 8 * 2 ** 20
		]);
		expect(await store.isIntact(row.id, signal)).toBe(true);
	});

	it('reads each file once: what changes meanwhile is not what is kept', async () => {
		const first = memoryModelFiles(tinyAdapter({ seed: 1 }));
		const later = memoryModelFiles(tinyAdapter({ seed: 2 }));
		const opened: string[] = [];
		const row = await store.add(
			{
				paths: first.paths,
				open: (path) => {
					opened.push(path);
					const weights = opened.filter((each) => each.endsWith('.safetensors')).length;
					return (weights > 1 ? later : first).open(path);
				}
			},
			about,
			signal
		);
		expect(row.id).toBe((await twin().add(first, about, signal)).id);
	});

	it.each([
		['a broken one', new Map(tinyAdapter()).set('adapter_model.safetensors', new Uint8Array(9))],
		['one of another kind', tinyAdapter({ config: { use_dora: true } })],
		['no numbers', tinyAdapter({ deviation: Number.NaN })],
		['nothing', new Map()]
	])('writes nothing at all of %s', async (_, files) => {
		await expect(add(files)).rejects.toBeInstanceOf(AppError);
		expect(records.commits).toBe(0);
	});

	it('gives the room back when there is not enough of it, and says so as the browser did', async () => {
		let commits = 0;
		const full = new MemoryRecordStore({
			beforeCommit: () => {
				if (++commits === 3) throw new AppError('storage/quota');
			}
		});
		const adding = storeOver(full).add(memoryModelFiles(tinyAdapter()), about, signal);
		await expect(adding).rejects.toMatchObject({ code: 'storage/quota' });
		expect(full.everything()).toEqual(new Map());
	});

	it('leaves the files of others alone when it fails', async () => {
		const { files } = await add(tinyAdapter({ seed: 1 }));
		const before = rowsOf('adapter-parts').length;
		const failing = records.copy({
			beforeCommit: (writes) => {
				if (writes.some(({ store: name }) => name === 'adapters'))
					throw new AppError('storage/quota');
			}
		});
		const adding = storeOver(failing).add(
			memoryModelFiles(tinyAdapter({ seed: 2 })),
			about,
			signal
		);
		await expect(adding).rejects.toMatchObject({ code: 'storage/quota' });
		// Both have the same configuration.
		expect(failing.everything().get('adapter-parts')).toHaveLength(before);
		expect(files).toHaveLength(before);
	});

	it('stops when it is told to', async () => {
		const files = memoryModelFiles(tinyAdapter());
		await expect(store.add(files, about, AbortSignal.abort())).rejects.toMatchObject({
			code: 'cancelled'
		});
		expect(records.commits).toBe(0);
	});

	it('is there whole or not at all, wherever the tab dies', async () => {
		const files = memoryModelFiles(tinyAdapter({ shards: 2 }));
		let seen = 0;
		const crashes = await CrashPoint.exhaust(async (crash) => {
			records = new MemoryRecordStore();
			const dying = storeOver(crash.records(records));
			const thrown = await dying.add(files, about, signal).then(
				() => null,
				(error: unknown) => error
			);
			expect(thrown === null || isSimulatedCrash(thrown)).toBe(true);
			crash.revive();
			store = storeOver(records);
			const rows = await store.list();
			for (const { id } of rows) expect(await store.isIntact(id, signal)).toBe(true);
			seen += rows.length;
			const freed = await store.collectParts(nothing);
			if (rows.length === 0) {
				expect(records.everything()).toEqual(new Map());
				await store.add(files, about, signal);
			} else expect(freed).toBe(0);
			expect(await store.list()).toHaveLength(1);
		});
		expect(crashes).toBe(10);
		// Once behind its last write, and twice without a crash.
		expect(seen).toBe(3);
	});
});

describe('reading', () => {
	it('gives back the very modules that were added', async () => {
		const files = memoryModelFiles(tinyAdapter({ dtype: 'BF16', shards: 2 }));
		const { id } = await store.add(files, about, signal);
		expect(await store.open(id, signal)).toEqual((await readPeft(files)).modules);
	});

	it('gives back the very files', async () => {
		const files = tinyAdapter();
		const { id } = await add(files);
		for (const [path, bytes] of files) {
			const file = await store.file(id, path);
			expect(file.bytes).toBe(bytes.byteLength);
			expect(await readAll(file.body)).toEqual(bytes);
		}
		await expect(store.file(id, 'README.md')).rejects.toMatchObject({ code: 'adapter/missing' });
	});

	it.each(['adapter_config.json', 'adapter_model.safetensors'])(
		'notices one changed bit in %s',
		async (path) => {
			const row = await add(tinyAdapter());
			expect(await store.isIntact(row.id, signal)).toBe(true);
			await damage(row, path);
			expect(await store.isIntact(row.id, signal)).toBe(false);
			await expect(store.open(row.id, signal)).rejects.toMatchObject({
				code: 'adapter/damaged',
				details: { name: 'Pirate' }
			});
			await expect(readAll((await store.file(row.id, path)).body)).rejects.toMatchObject({
				code: 'adapter/damaged'
			});
		}
	);

	it('notices a part that is gone, cut short or too many', async () => {
		const row = await add(tinyAdapter());
		const { sha256 } = row.files[1]!;
		const part = (await records.get(adapterPartStore, [sha256, 0]))!;
		const others = [
			write.delete(adapterPartStore, [sha256, 0]),
			write.put(adapterPartStore, { ...part, bytes: part.bytes.slice(1) }),
			write.put(adapterPartStore, { ...part, bytes: new Uint8Array(part.bytes.length + 1) })
		];
		for (const other of others) {
			await records.commit([other]);
			expect(await store.isIntact(row.id, signal)).toBe(false);
			await expect(store.open(row.id, signal)).rejects.toMatchObject({ code: 'adapter/damaged' });
		}
	});

	it('tells damage apart from what another tab does meanwhile', async () => {
		const locks = new MemoryLocks();
		const [whole, torn, gone] = await Promise.all([
			add(tinyAdapter()),
			add(tinyAdapter({ seed: 2 }), 'Torn'),
			add(tinyAdapter({ seed: 3 }), 'Gone')
		]);
		await damage(torn, 'adapter_model.safetensors');
		const other = Promise.withResolvers<null>();
		const writing = locks.anotherTab().hold('adapters', () => other.promise);
		const here = storeOver(records, locks);
		const told = Promise.all([whole, torn, gone].map(({ id }) => here.isDamaged(id, signal)));
		// What the other tab has removed so far is half of it.
		await records.commit([write.delete(adapterPartStore, [gone.files[1]!.sha256, 0])]);
		await nextTask();
		await records.commit([write.delete(adapterStore, gone.id)]);
		other.resolve(null);
		expect(await told).toEqual([false, true, false]);
		await writing;
		await expect(here.isDamaged(whole.id, AbortSignal.abort())).rejects.toMatchObject({
			code: 'cancelled'
		});
	});

	it('says that an adapter is not there', async () => {
		const id = 'f'.repeat(64) as AdapterId;
		expect(await store.get(id)).toBeUndefined();
		expect(await store.isIntact(id, signal)).toBe(false);
		await expect(store.open(id, signal)).rejects.toMatchObject({ code: 'adapter/missing' });
		await expect(store.update(id, {})).rejects.toMatchObject({ code: 'adapter/missing' });
		await expect(store.file(id, 'adapter_config.json')).rejects.toMatchObject({
			code: 'adapter/missing'
		});
	});

	it('stops when it is told to', async () => {
		const { id } = await add(tinyAdapter());
		const stopped = AbortSignal.abort();
		await expect(store.open(id, stopped)).rejects.toMatchObject({ code: 'cancelled' });
		await expect(store.isIntact(id, stopped)).rejects.toMatchObject({ code: 'cancelled' });
	});

	it('puts a damaged adapter right when it is added again, as the user had it', async () => {
		const row = await add(tinyAdapter());
		const changed = await store.update(row.id, { wanted: true, strength: 0.5 });
		await damage(row, 'adapter_model.safetensors');
		expect(await add(tinyAdapter(), 'Parrot')).toEqual(changed);
		expect(await store.isIntact(row.id, signal)).toBe(true);
	});

	it('forgets what a damaged adapter has failed with once it is put right', async () => {
		const row = await add(tinyAdapter());
		const check = { adapter: row.id, at: 1, reason: 'It is damaged.', matched: 0, of: 4 };
		const [failed, works] = (['failed', 'works'] as const).map((result) => ({
			...{ ...check, result },
			model: result as string as ModelId
		}));
		await records.commit([failed!, works!].map((each) => write.put(adapterCheckStore, each)));
		await damage(row, 'adapter_model.safetensors');
		await add(tinyAdapter());
		expect(await records.list(adapterCheckStore)).toEqual([works]);
	});
});

describe('changing', () => {
	it('changes what the user decides, and nothing else', async () => {
		const row = await add(tinyAdapter());
		const base = { name: row.base.name, identity: null, model: 'Tiny Llama' };
		const changed = await store.update(row.id, { name: 'Parrot', wanted: true, base });
		expect(changed).toEqual({ ...row, name: 'Parrot', wanted: true, base });
		expect(await store.get(row.id)).toEqual(changed);
	});

	it('calls it by what is seen alone', async () => {
		const { id } = await add(tinyAdapter());
		expect(await store.update(id, { name: 'Par\u202erot\n' })).toMatchObject({ name: 'Par rot' });
	});

	it.each([
		[0, 0],
		[1.25, 1.25],
		[7, 2],
		[-1, 0],
		[Number.NaN, 1]
	])('keeps a strength of %d as %d', async (strength, kept) => {
		const { id } = await add(tinyAdapter());
		expect((await store.update(id, { strength })).strength).toBe(kept);
	});

	it('loses neither of two changes that are made at once', async () => {
		const { id } = await add(tinyAdapter());
		await Promise.all([store.update(id, { wanted: true }), store.update(id, { name: 'Parrot' })]);
		expect(await store.get(id)).toMatchObject({ wanted: true, name: 'Parrot' });
	});
});

describe('removing', () => {
	it('leaves nothing behind', async () => {
		const { id } = await add(tinyAdapter());
		const model = 'tiny-llama' as ModelId;
		const check = {
			adapter: id,
			model,
			at: 1,
			result: 'works',
			reason: '',
			matched: 4,
			of: 4
		} as const;
		await records.commit([write.put(adapterCheckStore, check)]);
		await store.remove(id, nothing);
		expect(records.everything()).toEqual(new Map());
		await expect(store.remove(id, nothing)).resolves.toBeUndefined();
	});

	it('leaves the files of a backup and those of other adapters', async () => {
		const first = await add(tinyAdapter({ seed: 1 }));
		const second = await add(tinyAdapter({ seed: 2 }));
		// Both have the same configuration.
		expect(first.files[0]?.sha256).toBe(second.files[0]?.sha256);
		await store.remove(first.id, nothing);
		expect(await store.isIntact(second.id, signal)).toBe(true);
		await store.remove(second.id, async () => new Set([second.files[1]!.sha256]));
		expect(await store.list()).toEqual([]);
		expect(rowsOf('adapter-parts')).toMatchObject([{ sha256: second.files[1]?.sha256 }]);
	});

	it('asks which files a backup names only once nobody else writes', async () => {
		const locks = new MemoryLocks();
		const row = await add(tinyAdapter());
		const kept = new Set<Sha256>();
		const other = Promise.withResolvers<undefined>();
		const writing = locks.anotherTab().hold('adapters', () => other.promise);
		const removing = storeOver(records, locks).remove(row.id, async () => new Set(kept));
		await nextTask();
		for (const { sha256 } of row.files) kept.add(sha256);
		other.resolve(undefined);
		await Promise.all([writing, removing]);
		expect(rowsOf('adapter-parts')).toHaveLength(2);
	});

	it('is done whole or not at all, wherever the tab dies', async () => {
		const crashes = await CrashPoint.exhaust(async (crash) => {
			records = new MemoryRecordStore();
			const { id } = await storeOver(records).add(memoryModelFiles(tinyAdapter()), about, signal);
			await storeOver(crash.records(records))
				.remove(id, nothing)
				.catch(() => undefined);
			store = storeOver(records);
			const gone = (await store.list()).length === 0;
			expect(await store.isIntact(id, signal)).toBe(!gone);
			expect(records.everything().size).toBe(gone ? 0 : 2);
		});
		expect(crashes).toBe(2);
	});
});

describe('collecting', () => {
	it('frees the files that nobody names, and tells how much that was', async () => {
		const kept = await add(tinyAdapter({ seed: 1 }));
		const gone = await add(tinyAdapter({ seed: 2, rank: 8 }));
		const backedUp = await add(tinyAdapter({ seed: 3, rank: 16 }));
		const hashes = [...gone.files, ...backedUp.files].map(({ sha256 }) => sha256);
		const keep = () => Promise.resolve(new Set(hashes));
		await store.remove(gone.id, keep);
		await store.remove(backedUp.id, keep);
		expect(await store.collectParts(keep)).toBe(0);
		const stillKept = async () => new Set(backedUp.files.map(({ sha256 }) => sha256));
		expect(await store.collectParts(stillKept)).toBe(gone.bytes);
		expect(await store.isIntact(kept.id, signal)).toBe(true);
		expect(await store.collectParts(nothing)).toBe(backedUp.bytes);
		expect(await store.collectParts(nothing)).toBe(0);
	});

	it('never takes a part whose adapter is just being written, in this tab or another', async () => {
		const locks = new MemoryLocks();
		const collected: Promise<number>[] = [];
		const watched = new MemoryRecordStore({
			beforeCommit: async (writes) => {
				if (!writes.some(({ store: name }) => name === 'adapters')) return;
				for (const each of [here, there]) collected.push(each.collectParts(nothing));
				for (let turn = 0; turn < 20; turn++) await nextTask();
			}
		});
		const here = storeOver(watched, locks);
		const there = storeOver(watched, locks.anotherTab());
		const { id } = await here.add(memoryModelFiles(tinyAdapter()), about, signal);
		expect(await Promise.all(collected)).toEqual([0, 0]);
		expect(await here.isIntact(id, signal)).toBe(true);
	});
});
