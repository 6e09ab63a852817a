import { beforeEach, describe, expect, test } from 'vitest';
import { AppError } from '../core/errors.ts';
import type { AdapterId, DocumentId, ModelId, Sha256 } from '../core/ids.ts';
import type { ModelSpec } from '../core/model-spec.ts';
import type { Setup } from '../core/setup.ts';
import type { Measurement } from '../engines/measurement.ts';
import { indexIdOf, indexSpecOf } from '../knowledge/index-spec.ts';
import type { IndexState, TextPlace } from '../knowledge/knowledge-api.ts';
import { chunkStore } from '../knowledge/knowledge-records.ts';
import { freeBytes } from '../library/free-bytes.ts';
import type { ModelListing, ModelState } from '../library/library-api.ts';
import { chunkerOfSize } from '../migration/passage-size.ts';
import { defaultOptions, type MigrationPlan, type TestPrompt } from '../migration/plan.ts';
import { SetupRepository } from '../migration/setup-repository.ts';
import type { AdapterOutlook } from '../migration/upgrade-request.ts';
import type { DeviceProfile } from '../ports/gpu-probe.ts';
import { write } from '../ports/store-write.ts';
import { adapterIdOf } from '../testing/adapter-row-of.ts';
import { indexSpec } from '../testing/index-spec.ts';
import { frozenModelOf, listingOf } from '../testing/listing-of.ts';
import { journalOf } from '../testing/journal-of.ts';
import { MemoryRecordStore } from '../testing/memory-record-store.ts';
import { MigrationWorld, models, plannable, type Tab } from '../testing/migration-world.ts';
import { ScriptedShelf, type ShelfScript } from '../testing/scripted-shelf.ts';
import { LicenceBook } from './licence-book.ts';
import { UpgradeDesk, type EngineWish } from './upgrade-desk.ts';

const installed: ModelState = { at: 'installed', bytes: 1000, installedAt: 0, verifiedAt: 0 };
const never = new AbortController().signal;
const both: EngineWish = { chat: models.new.id, embedding: models.new.id };
const rebuild: EngineWish = {
	...{ chat: null, embedding: null },
	index: { rebuild: true, chunkSize: null }
};
const recut: EngineWish = {
	...{ chat: null, embedding: null },
	index: { rebuild: false, chunkSize: 500 }
};
const needy = plannable('needy', { needs: ['webgpu'] });
const all = [models.old, models.new, needy];
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
/** What the browser really gives, whatever it tells. */
let reallyFree: number;
let indexes: IndexState[];
/** Models that only their publisher can freeze yet, and what they are called until then. */
let unfrozen: Map<string, ModelId>;
let asked: string[];
let failure: AppError | null;
let measured: Measurement[];
let chatsCounted: number;
let prompts: TestPrompt[];
let outlooks: (setup: Setup, chat: ModelSpec) => Promise<readonly AdapterOutlook[]>;
let shelf: ShelfScript;
let licences: Map<string, { readonly name: string; readonly url: string }>;
/** Of the passages of the index in use. */
let texts: string[];

beforeEach(async () => {
	world = await MigrationWorld.create({}, 0);
	tab = world.open();
	states = new Map([[models.old.id, { at: 'built-in' }]]);
	estimate = { usage: 0, quota: 1e9, persisted: false };
	reallyFree = Infinity;
	indexes = [
		{
			...{ id: world.oldSetup.index, spec: world.oldSpec },
			...{ texts: 7, embedded: 7, truncated: 0, search: 'exact' }
		}
	];
	unfrozen = new Map();
	asked = [];
	failure = null;
	measured = [];
	chatsCounted = 0;
	prompts = [];
	licences = new Map();
	outlooks = () => Promise.resolve([]);
	shelf = {};
	texts = [];
});

function listing(model: typeof models.old): ModelListing {
	const { engine, tasks, dtype, needs } = model;
	const state = states.get(model.id) ?? { at: 'available' };
	const entry = { engine, tasks, dtype, needs, parameters: 2e9 };
	const licence = licences.get(model.id);
	const known = listingOf(model.name, {
		...{ id: model.id, state },
		entry: { ...entry, ...(licence && { licence }) }
	});
	const id = unfrozen.get(model.id);
	if (id) return { ...known, id };
	return { ...known, frozen: { spec: model, about: frozenModelOf(known).about } };
}

/** Freezes the model that is listed under that id. */
async function freeze(id: ModelId) {
	asked.push(id);
	if (failure) throw failure;
	const [model] = [...unfrozen].find(([, listed]) => listed === id)!;
	unfrozen.delete(model);
	return listing(all.find((each) => each.id === model)!).frozen!;
}

const blobs = {
	estimate: async () => estimate,
	hasRoom: async (bytes: number) => bytes <= reallyFree
};

function placeOf(textHash: Sha256): TextPlace {
	const document = { documentId: 'doc' as DocumentId, documentName: 'doc.md' };
	return { ...document, textHash, ordinal: 0, headings: [], page: null, text: textHash };
}

function desk(): UpgradeDesk {
	return new UpgradeDesk({
		adapterShelf: async () => new ScriptedShelf(world.disk, world.clock, shelf),
		adapterOutlooks: (...args) => outlooks(...args),
		setup: tab.setup,
		journal: tab.journal,
		library: { listings: async () => all.map(listing), freeze },
		knowledge: {
			indexState: async (id) => indexes.find((state) => state.id === id) ?? null,
			textsWith: async ({ size }) => size,
			knownItems: async (_, count) =>
				texts.slice(0, count).map((text) => ({ query: '', textHash: text as Sha256 })),
			textPlaces: async (_, hashes) => hashes.map(placeOf)
		},
		records: world.disk,
		room: { freeBytes: (atLeast) => freeBytes(blobs, atLeast) },
		gpu: { probe: async () => noGpu },
		engines: ['scripted'],
		bench: world.bench,
		meter: { latest: async () => new Map(measured.map((each) => [each.model, each])) },
		licences: new LicenceBook(world.disk),
		testPrompts: async () => prompts,
		passages: { passagesFor: async () => [] },
		chatSizes: async () => {
			chatsCounted++;
			return [];
		},
		clock: world.clock
	});
}

async function planned(wish: EngineWish = both): Promise<MigrationPlan> {
	const { result } = await desk().plan(wish, defaultOptions, never);
	if (!result.ok) throw new Error(result.refusal.reason);
	return result.plan;
}

async function refused(wish: EngineWish = both): Promise<string | null> {
	const { result } = await desk().plan(wish, defaultOptions, never);
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

	test('is outdated once something else is in use', async () => {
		const plan = await planned();
		expect(await desk().isCurrent(plan)).toBe(true);
		const { sequence, current } = (await tab.setup.read())!;
		const adapters = [{ adapter: 'pirate' as AdapterId, strength: 1 }];
		await tab.setup.replace(sequence, { ...current, adapters });
		expect(await desk().isCurrent(plan)).toBe(false);
	});

	test('has an id of its own each time', async () => {
		expect((await planned()).id).not.toBe((await planned()).id);
	});

	test('reads the chats only where another engine is to answer in them', async () => {
		await planned({ chat: null, embedding: models.new.id });
		expect(chatsCounted).toBe(0);
		await planned();
		expect(chatsCounted).toBe(1);
	});

	test('downloads what is not on this device, and only that', async () => {
		expect((await planned()).needs.downloadBytes).toBe(1000);
		states.set('new', { at: 'paused', done: 1, total: 2, damagedBytes: 0, error: null });
		expect((await planned()).needs.downloadBytes).toBe(1000);
		states.set('new', installed);
		expect((await planned()).needs.downloadBytes).toBe(0);
	});

	test('embeds the texts that the new index lacks', async () => {
		expect((await planned()).needs.texts).toBe(7);
		indexes.push({
			...{ id: world.newIndex, spec: indexSpec('2') },
			...{ texts: 7, embedded: 5, truncated: 0, search: 'exact' }
		});
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

describe('a plan for the index alone', () => {
	test('rebuilds it with the engine in use, as the next generation', async () => {
		const { from, to, steps, needs } = await planned(rebuild);
		expect(to).toEqual({ ...from, index: await indexIdOf({ ...world.oldSpec, generation: 1 }) });
		expect(steps.map(({ id }) => id)).toEqual([
			...['preflight', 'snapshot', 'canary:embedding', 'build-index', 'compare', 'switch']
		]);
		expect(needs.texts).toBe(7);
	});

	test('takes a later generation where one was built before', async () => {
		const built = { ...world.oldSpec, generation: 1 };
		const counts = { texts: 7, embedded: 7, truncated: 0, search: 'exact' as const };
		indexes.push({ id: await indexIdOf(built), spec: built, ...counts });
		const plan = await planned(rebuild);
		expect(plan.to.index).toBe(await indexIdOf({ ...world.oldSpec, generation: 2 }));
		expect(plan.needs.texts).toBe(7);
	});

	test('cuts passages anew, and counts the texts that there are then', async () => {
		const plan = await planned(recut);
		const build = plan.steps.find((step) => step.kind === 'build-index');
		expect(build?.params.indexSpec.chunker).toMatchObject({ size: 500, overlap: 67 });
		expect(plan.needs.texts).toBe(500);
	});

	test('goes on with the passages of the index in use when the engine changes', async () => {
		const spec = { ...world.oldSpec, chunker: chunkerOfSize(1500) };
		indexes = indexes.map((state) => ({ ...state, spec }));
		const plan = await planned();
		expect(plan.to.index).toBe(await indexIdOf(indexSpecOf(models.new, chunkerOfSize(1500))));
		expect(plan.needs.texts).toBe(7);
	});

	test('asks for the speed of the engine that embeds it', async () => {
		measured = [
			{
				...{ model: models.old.id, at: 5, device: 'cpu', loadMs: 1 },
				...{ firstTokenMs: null, tokensPerSecond: null, textsPerSecond: 1 }
			}
		];
		expect((await planned(rebuild)).needs.measuredAt).toBe(5);
	});
});

describe('adapters', () => {
	const use = { adapter: adapterIdOf('lawyer'), strength: 0.5 };
	const outlook = { use, name: 'lawyer', on: true, reason: 'It was made for NEW.' };
	let askedFor: string[];

	beforeEach(() => {
		askedFor = [];
		outlooks = (setup, chat) => {
			askedFor.push(`${setup.chat.model} → ${chat.id}`);
			return Promise.resolve([{ ...outlook, after: 'active' }]);
		};
	});

	test('are judged for the chat engine that is wished for', async () => {
		const plan = await planned();
		expect(askedFor).toEqual(['old → new']);
		expect(plan.to.adapters).toEqual([use]);
		expect(plan.effects.kept).toContain('The adapter “lawyer” stays on. It was made for NEW.');
	});

	test('are not asked about where the chat engine stays', async () => {
		await planned({ chat: null, embedding: models.new.id });
		await planned({ chat: models.old.id, embedding: models.new.id });
		expect(askedFor).toEqual([]);
	});
});

describe('test prompts', () => {
	beforeEach(() => {
		prompts = [{ id: '1', text: 'Where do badgers live?' }];
	});

	test('go into a plan that changes the chat engine', async () => {
		const compare = (await planned()).steps.find(({ kind }) => kind === 'compare-answers');
		expect(compare?.params).toMatchObject({ prompts });
	});

	test('are of no use to one that keeps it', async () => {
		const { steps } = await planned({ chat: null, embedding: models.new.id });
		expect(steps.map(({ kind }) => kind)).not.toContain('compare-answers');
	});
});

describe('a licence with terms of its own', () => {
	const licence = { name: 'Gemma Terms of Use', url: 'https://licence.test/' };
	const ask = async () => await desk().plan(both, defaultOptions, never);

	beforeEach(() => {
		licences.set(models.new.id, licence);
	});

	test('is asked for once, and the plan is made when it has been accepted', async () => {
		const { result, licences: questions } = await ask();
		expect(result.ok ? null : result.refusal.reason).toBe('licence');
		expect(questions).toEqual([{ ...licence, entry: 'new', model: 'NEW', accepted: false }]);
		await desk().accept(questions[0]!, true);
		const again = await ask();
		expect([again.result.ok, again.licences[0]?.accepted]).toEqual([true, true]);
	});

	test('is asked for again under another name, or when the user has second thoughts', async () => {
		const [question] = (await ask()).licences;
		await desk().accept(question!, true);
		licences.set(models.new.id, { ...licence, name: 'Gemma Terms of Use 2' });
		expect((await ask()).result.ok).toBe(false);
		licences.set(models.new.id, licence);
		await desk().accept(question!, false);
		expect((await ask()).result.ok).toBe(false);
	});
});

describe('a wish for a model that nobody has frozen yet', () => {
	const listed = 'new@main' as ModelId;
	const wish: EngineWish = { chat: listed, embedding: listed };

	beforeEach(() => {
		unfrozen.set(models.new.id, listed);
	});

	test('freezes it once, and plans with its exact files', async () => {
		const { steps } = await planned(wish);
		expect(asked).toEqual([listed]);
		expect(steps.find(({ kind }) => kind === 'download')?.params).toEqual({
			model: 'new',
			bytes: 1000
		});
	});

	test('leads to the id that it has as a frozen model, and tells its files', async () => {
		const { result, models: wished } = await desk().plan(wish, defaultOptions, never);
		expect(result.ok && [result.plan.to.chat.model, result.plan.to.embedding.model]).toEqual([
			'new',
			'new'
		]);
		expect(wished.map(({ spec }) => spec.files)).toEqual([models.new.files]);
	});

	test('asks nobody for what is frozen, or not wished for', async () => {
		await planned({ chat: needy.id, embedding: null }).catch(() => null);
		expect(asked).toEqual([]);
	});

	test('is an error where its publisher cannot be asked', async () => {
		failure = new AppError('hub/gated', { details: { repository: 'tests/new' } });
		await expect(desk().plan(wish, defaultOptions, never)).rejects.toBe(failure);
	});
});

describe('the time that a plan takes', () => {
	const measurement: Measurement = {
		...{ model: models.new.id, at: 5, device: 'cpu', loadMs: 1 },
		...{ firstTokenMs: null, tokensPerSecond: null, textsPerSecond: 0.5 }
	};

	test('is a range around what the embedding model did when it was measured', async () => {
		measured = [measurement];
		const { seconds, measuredAt } = (await planned()).needs;
		expect(seconds?.low).toBeLessThan(14);
		expect(seconds?.high).toBeGreaterThan(14);
		expect(measuredAt).toBe(5);
	});

	test('is unknown for a model that was never measured, or not at embedding', async () => {
		measured = [{ ...measurement, model: models.old.id }];
		expect((await planned()).needs.seconds).toBeNull();
		measured = [{ ...measurement, textsPerSecond: null }];
		expect((await planned()).needs.seconds).toBeNull();
	});
});

describe('whether a model fits', () => {
	test('is told for each one, with the reason', async () => {
		const fits = await desk().fits(await desk().listings());
		expect(fits.get(models.new.id)?.verdict).toBe('fits');
		expect(fits.get(needy.id)).toEqual({
			verdict: 'wont-fit',
			reason: 'This browser has no WebGPU, which it needs.'
		});
	});

	test('counts the room that the browser grants, where it tells', async () => {
		const roomy = { ...listing(models.new), bytes: 2000 };
		const fitOf = async () => (await desk().fits([roomy])).get(roomy.id);
		estimate = { usage: 900, quota: 1000, persisted: false };
		expect((await fitOf())?.reason).toBe('Needs 2.0 KB of storage; 100 B are free.');
		estimate = { usage: 0, quota: 0, persisted: false };
		expect((await fitOf())?.verdict).toBe('fits');
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

	test('when the browser tells of more space than it gives, with what it gives', async () => {
		const { peakBytes } = (await planned()).needs;
		reallyFree = peakBytes - 1;
		const { result } = await desk().plan(both, defaultOptions, never);
		expect(result).toMatchObject({ ok: false, refusal: { reason: 'no-space' } });
		expect(result.ok || result.refusal.message).toMatch(/ about \d+\.\d KB are free: \d+ B are/);
		reallyFree = peakBytes;
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
		await expect(desk().plan(both, defaultOptions, never)).rejects.toMatchObject({
			code: 'storage/missing'
		});
	});
});

describe('a dry run', () => {
	test('tries the new engines on passages of the user’s, and closes them', async () => {
		states.set('new', installed);
		texts = Array.from({ length: 320 }, (_, at) => `text ${at}`);
		const report = await desk().dryRun(await planned(), never);
		const sample = world.bench.calls.filter(({ method }) => method === 'embed').at(-1)?.texts;
		expect(report.sampled).toBe(32);
		expect(sample?.slice(0, 2)).toEqual(['text 0', 'text 1']);
		expect(world.bench.opened).toBe(0);
	});

	test('takes all texts where there are few, and none where there is no index', async () => {
		states.set('new', installed);
		texts = ['one', 'two', 'three'];
		expect((await desk().dryRun(await planned(), never)).sampled).toBe(3);
		const plan = await planned();
		indexes = [];
		expect((await desk().dryRun(plan, never)).sampled).toBe(0);
	});

	test('tries passages no longer than the new index has them', async () => {
		texts = ['x'.repeat(900)];
		await desk().dryRun(await planned(recut), never);
		const sample = world.bench.calls.findLast(({ method }) => method === 'embed')?.texts;
		expect(sample).toEqual(['x'.repeat(500)]);
	});

	test('asks the new chat engine the user’s own test prompt', async () => {
		states.set('new', installed);
		prompts = [{ id: '1', text: 'Where do badgers live?' }];
		const { question, answer } = await desk().dryRun(await planned(), never);
		expect([question, answer]).toEqual(['Where do badgers live?', 'Blue.']);
	});

	test('is refused while a model has to be downloaded first, before anything is loaded', async () => {
		await expect(desk().dryRun(await planned(), never)).rejects.toMatchObject({
			code: 'library/not-installed',
			details: { model: 'NEW' }
		});
		expect(world.bench.calls).toEqual([]);
	});

	test('tries the adapters that would be on, and keeps nothing of that', async () => {
		states.set('new', installed);
		const use = { adapter: adapterIdOf('bees'), strength: 1 };
		const reason = 'It was made for NEW.';
		outlooks = async () => [{ use, name: 'Bees', on: true, after: 'active', reason }];
		shelf = { outcome: () => 'same' };
		const plan = await planned();
		const { commits } = world.disk;
		expect((await desk().dryRun(plan, never)).adapters).toEqual([
			{ name: 'Bees', result: 'same', reason: 'It changes nothing.' }
		]);
		expect(world.disk.commits).toBe(commits);
	});

	test('leaves every store as it was', async () => {
		states.set('new', installed);
		texts = ['one', 'two'];
		prompts = [{ id: '1', text: 'What?' }];
		const plan = await planned();
		const before = world.disk.everything();
		const { commits } = world.disk;
		await desk().dryRun(plan, never);
		expect(world.disk.everything()).toEqual(before);
		expect(world.disk.commits).toBe(commits);
	});
});
