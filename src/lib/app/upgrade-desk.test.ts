import { beforeEach, describe, expect, test } from 'vitest';
import type { DocumentId, Sha256 } from '../core/ids.ts';
import type { IndexState } from '../knowledge/knowledge-api.ts';
import { chunkStore } from '../knowledge/knowledge-records.ts';
import type { CatalogEntry, ModelListing, ModelState } from '../library/library-api.ts';
import { defaultOptions, type MigrationPlan } from '../migration/plan.ts';
import { SetupRepository } from '../migration/setup-repository.ts';
import type { DeviceProfile } from '../ports/gpu-probe.ts';
import { write } from '../ports/store-write.ts';
import { journalOf } from '../testing/journal-of.ts';
import { MemoryRecordStore } from '../testing/memory-record-store.ts';
import { MigrationWorld, models, plannable, type Tab } from '../testing/migration-world.ts';
import { UpgradeDesk, type EngineWish } from './upgrade-desk.ts';

const never = new AbortController().signal;
const both: EngineWish = { chat: models.new.id, embedding: models.new.id };
const needy = plannable('needy', { needs: ['webgpu'] });
const noGpu: DeviceProfile = {
	gpu: null,
	wasmThreads: 1,
	crossOriginIsolated: false,
	memoryGb: null
};

let world: MigrationWorld;
let tab: Tab;
let states: Map<string, ModelState>;
let estimate: { usage: number; quota: number; persisted: boolean };
let indexes: IndexState[];

beforeEach(async () => {
	world = await MigrationWorld.create({}, 0);
	tab = world.open();
	states = new Map([[models.old.id, { at: 'built-in' }]]);
	estimate = { usage: 0, quota: 1e9, persisted: false };
	indexes = [{ id: world.oldSetup.index, texts: 7, embedded: 7, search: 'exact' }];
});

function listing(model: typeof models.old): ModelListing {
	const entry: CatalogEntry = {
		...model,
		family: '',
		summary: '',
		parameters: null,
		licence: { name: '', url: '' },
		source: null,
		replaces: []
	};
	return { entry, state: states.get(model.id) ?? { at: 'available' }, bytes: 0 };
}

function desk(): UpgradeDesk {
	return new UpgradeDesk({
		setup: tab.setup,
		journal: tab.journal,
		library: { listings: async () => [models.old, models.new, needy].map(listing) },
		knowledge: { indexState: async (id) => indexes.find((state) => state.id === id) ?? null },
		records: world.disk,
		blobs: { estimate: async () => estimate },
		gpu: { probe: async () => noGpu },
		bench: world.bench,
		clock: world.clock
	});
}

async function planned(wish: EngineWish = both): Promise<MigrationPlan> {
	const result = await desk().plan(wish, defaultOptions);
	if (!result.ok) throw new Error(result.refusal.reason);
	return result.plan;
}

async function refused(wish: EngineWish = both): Promise<string | null> {
	const result = await desk().plan(wish, defaultOptions);
	return result.ok ? null : result.refusal.reason;
}

async function addChunks(count: number): Promise<void> {
	await world.disk.commit(
		Array.from({ length: count }, (_, ordinal) =>
			write.put(chunkStore, {
				documentId: 'doc' as DocumentId,
				ordinal,
				textHash: `hash ${ordinal}` as Sha256,
				text: `text ${ordinal}`,
				headings: [],
				page: null
			})
		)
	);
}

describe('a plan', () => {
	test('leads from the setup in use to what was wished for, in the new index', async () => {
		const { from, to, createdAt } = await planned();
		expect(from).toEqual(world.oldSetup);
		expect([to.chat.model, to.embedding.model, to.index]).toEqual(['new', 'new', world.newIndex]);
		expect(createdAt).toBe(world.clock.now());
	});

	test('has an id of its own each time', async () => {
		expect((await planned()).id).not.toBe((await planned()).id);
	});

	test('downloads what is not on this device, and only that', async () => {
		expect((await planned()).needs.downloadBytes).toBe(1000);
		states.set('new', { at: 'paused', done: 1, total: 2, error: null });
		expect((await planned()).needs.downloadBytes).toBe(1000);
		states.set('new', { at: 'installed', bytes: 1000, verifiedAt: 0 });
		expect((await planned()).needs.downloadBytes).toBe(0);
	});

	test('embeds the texts that the new index lacks', async () => {
		expect((await planned()).needs.texts).toBe(7);
		indexes.push({ id: world.newIndex, texts: 7, embedded: 5, search: 'exact' });
		expect((await planned()).needs.texts).toBe(2);
	});

	test('counts the chunks where there is no index to ask', async () => {
		indexes = [];
		await addChunks(3);
		expect((await planned()).needs.texts).toBe(3);
	});

	test('of the chat engine alone keeps the index', async () => {
		const { to, steps } = await planned({ chat: models.new.id, embedding: null });
		expect(to.index).toBe(world.oldSetup.index);
		expect(steps.some(({ kind }) => kind === 'build-index')).toBe(false);
	});
});

describe('is refused', () => {
	test('when nothing would change', async () => {
		expect(await refused({ chat: null, embedding: models.old.id })).toBe('nothing-to-change');
	});

	test('when the space that the browser grants is too small, and not where it does not tell', async () => {
		estimate = { usage: 900, quota: 1000, persisted: false };
		expect(await refused()).toBe('no-space');
		estimate = { usage: 0, quota: 0, persisted: false };
		expect(await refused()).toBeNull();
	});

	test('when this device cannot run the model', async () => {
		expect(await refused({ chat: needy.id, embedding: null })).toBe('wont-fit');
	});

	test('while another upgrade is under way', async () => {
		await tab.journal.append(journalOf(world.plan()));
		expect(await refused()).toBe('upgrade-running');
	});

	test('with an error before the first setup', async () => {
		tab = { ...tab, setup: new SetupRepository(new MemoryRecordStore(), world.clock, tab.locks) };
		await expect(desk().plan(both, defaultOptions)).rejects.toMatchObject({
			code: 'storage/missing'
		});
	});
});

describe('a dry run', () => {
	test('tries the new engines on texts spread over the documents, and closes them', async () => {
		states.set('new', { at: 'installed', bytes: 1000, verifiedAt: 0 });
		await addChunks(320);
		const report = await desk().dryRun(await planned(), never);
		const sample = world.bench.calls.filter(({ method }) => method === 'embed').at(-1)?.texts;
		expect(report.sampled).toBe(32);
		expect(sample?.slice(0, 2)).toEqual(['text 0', 'text 10']);
		expect(world.bench.opened).toBe(0);
	});

	test('takes all texts where there are few', async () => {
		states.set('new', { at: 'installed', bytes: 1000, verifiedAt: 0 });
		await addChunks(3);
		expect((await desk().dryRun(await planned(), never)).sampled).toBe(3);
	});

	test('is refused while a model has to be downloaded first, before anything is loaded', async () => {
		await expect(desk().dryRun(await planned(), never)).rejects.toMatchObject({
			code: 'library/not-installed',
			details: { model: 'NEW' }
		});
		expect(world.bench.calls).toEqual([]);
	});

	test('stores nothing', async () => {
		states.set('new', { at: 'installed', bytes: 1000, verifiedAt: 0 });
		await addChunks(3);
		const plan = await planned();
		const before = world.disk.commits;
		await desk().dryRun(plan, never);
		expect(world.disk.commits).toBe(before);
	});
});
