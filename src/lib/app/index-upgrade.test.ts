import { beforeEach, describe, expect, test } from 'vitest';
import type { DocumentId, IndexId, PlanId } from '../core/ids.ts';
import type { Setup } from '../core/setup.ts';
import { indexIdOf, indexSpecOf } from '../knowledge/index-spec.ts';
import {
	chunkSetStore,
	chunkStore,
	documentStore,
	indexStore,
	vectorBlockStore
} from '../knowledge/knowledge-records.ts';
import type { KnowledgeService } from '../knowledge/knowledge-service.ts';
import { collectGarbage } from '../migration/collect-garbage.ts';
import { createSteps } from '../migration/create-steps.ts';
import { days } from '../migration/days.ts';
import { MigrationJournal } from '../migration/journal.ts';
import { MigrationController } from '../migration/migration-controller.ts';
import { nextIndexSpec } from '../migration/next-index-spec.ts';
import { defaultOptions } from '../migration/plan.ts';
import { planUpgrade } from '../migration/planner.ts';
import { SetupRepository } from '../migration/setup-repository.ts';
import type { IndexWish } from '../migration/upgrade-request.ts';
import { knowledgeOver } from '../testing/knowledge-world.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { MemoryLocks } from '../testing/memory-locks.ts';
import { MemoryRecordStore } from '../testing/memory-record-store.ts';
import { plannable } from '../testing/migration-world.ts';
import { noChats } from '../testing/no-chats.ts';
import { ScriptedBench } from '../testing/scripted-bench.ts';
import { ScriptedShelf } from '../testing/scripted-shelf.ts';
import { IndexMaintainer } from './index-maintainer.ts';
import { liveIndexes } from './live-indexes.ts';

const model = plannable('old');
const present = indexSpecOf(model);
const oldIndex = await indexIdOf(present);
const choice = { engine: model.engine, model: model.id, revision: model.revision, name: 'OLD' };
const oldSetup: Setup = { chat: choice, embedding: choice, index: oldIndex, adapters: [] };
const story = (animal: string): string =>
	`The ${animal} walks through the wood, and the wood belongs to the ${animal}. `.repeat(30);

let records: MemoryRecordStore;
let clock: ManualClock;
let bench: ScriptedBench;
let knowledge: KnowledgeService;
let setup: SetupRepository;
let journal: MigrationJournal;
let controller: MigrationController;
let maintainer: IndexMaintainer;

beforeEach(async () => {
	records = new MemoryRecordStore();
	clock = new ManualClock(1000);
	bench = new ScriptedBench();
	knowledge = knowledgeOver(records, clock);
	const locks = new MemoryLocks();
	setup = new SetupRepository(records, clock, locks);
	journal = new MigrationJournal(records);
	const steps = createSteps({
		...{ records, clock, setup, bench, workshop: knowledge, ...noChats },
		supply: { isInstalled: () => Promise.resolve(true), install: () => Promise.resolve() },
		room: { freeBytes: () => Promise.resolve(null) },
		adapters: new ScriptedShelf(records, clock),
		whenIdle: () => Promise.resolve()
	});
	const parts = { journal, setup, steps: () => Promise.resolve(steps), clock, locks };
	controller = new MigrationController({ ...parts, workshop: knowledge });
	maintainer = new IndexMaintainer({
		...{ knowledge, clock },
		whenIdle: () => Promise.resolve(),
		liveIndexes: () => liveIndexes({ setup, journal, spec: () => Promise.resolve(model) }),
		embedder: ({ spec }, signal) => bench.open(spec, signal)
	});
	await setup.initialise(oldSetup);
	for (const animal of ['fox', 'bear', 'wolf']) await add(animal);
	await knowledge.createIndex(present);
	await maintainer.run();
});

async function add(animal: string): Promise<void> {
	clock.jump(1);
	await knowledge.importFile(new File([story(animal)], `${animal}.md`));
}

async function remove(animal: string): Promise<void> {
	const rows = await knowledge.documents();
	await knowledge.removeDocument(rows.find(({ name }) => name === `${animal}.md`)!.id);
}

/** Which animals the nearest passages are about. */
async function found(index: IndexId): Promise<string[]> {
	const engine = await bench.open(model, new AbortController().signal);
	const [vector] = await engine.embed(['wood'], 'query', new AbortController().signal);
	const hits = await knowledge.nearest(index, vector!, 99);
	const places = await knowledge.textPlaces(
		index,
		hits.map(({ textHash }) => textHash)
	);
	return [...new Set(places.map(({ documentName }) => documentName.replace('.md', '')))].sort();
}

async function upgrade(wish: IndexWish): Promise<IndexId> {
	const spec = nextIndexSpec({ present, model, isNew: false, wish })!;
	const result = planUpgrade({
		...{ id: 'p' as PlanId, now: clock.now(), setup: oldSetup, catalog: [model] },
		...{ installed: new Set(), indexes: new Map(), presentIndex: present },
		...{ newIndexId: await indexIdOf(spec), texts: 9, newTexts: 20 },
		choice: { chat: null, embedding: null, index: wish },
		...{ freeBytes: null, unfinished: null, device: null, engines: ['scripted'] },
		...{ embeddingSpeed: null, chats: [], options: defaultOptions }
	});
	if (!result.ok) throw new Error(result.refusal.message);
	expect(await controller.start(result.plan)).toMatchObject({ type: 'waiting' });
	return result.plan.to.index;
}

/** Runs once, when the upgrade embeds for the first time. */
function whileEmbedding(work: () => Promise<void>): void {
	let begun = false;
	bench.follow({
		before: async ({ method, purpose }) => {
			if (begun || method !== 'embed' || purpose !== 'passage') return;
			begun = true;
			await work();
		}
	});
}

/** Chunks of documents that are not touched by these tests, and all vectors of the index in use. */
async function live(): Promise<unknown> {
	const untouched: DocumentId[] = (await records.list(documentStore))
		.filter(({ name }) => ['fox.md', 'bear.md'].includes(name))
		.map(({ id }) => id);
	const chunks = await records.list(chunkStore);
	return {
		chunks: chunks.filter(({ documentId }) => untouched.includes(documentId)),
		vectors: await records.list(vectorBlockStore, { prefix: [oldIndex] })
	};
}

async function isComplete(index: IndexId): Promise<boolean> {
	const state = await knowledge.indexState(index);
	return state !== null && state.texts > 0 && state.texts === state.embedded;
}

describe.each([
	['a rebuild from the same parts', { rebuild: true, chunkSize: null }],
	['passages of another size', { rebuild: false, chunkSize: 300 }],
	['both at once', { rebuild: true, chunkSize: 300 }]
])('an upgrade to %s', (_, wish) => {
	test('writes nothing of the index in use, and embeds everything anew', async () => {
		const before = await live();
		bench.calls.length = 0;
		const next = await upgrade(wish);
		expect(await live()).toEqual(before);
		expect(await setup.read()).toMatchObject({ current: { index: next } });
		const embedded = bench.calls
			.filter(({ purpose }) => purpose === 'passage')
			.flatMap(({ texts }) => texts);
		const { texts } = (await knowledge.indexState(next))!;
		expect(new Set(embedded).size).toBeGreaterThanOrEqual(texts);
		expect(await isComplete(next)).toBe(true);
	});

	test('takes documents that come and go meanwhile, and on trial, into both indexes', async () => {
		whileEmbedding(async () => {
			await add('bee');
			await remove('wolf');
		});
		const next = await upgrade(wish);
		await maintainer.run();
		for (const index of [oldIndex, next]) {
			expect(await found(index)).toEqual(['bear', 'bee', 'fox']);
			expect(await isComplete(index)).toBe(true);
		}
		await add('ant');
		await remove('bee');
		await maintainer.run();
		for (const index of [oldIndex, next]) {
			expect(await found(index)).toEqual(['ant', 'bear', 'fox']);
			expect(await isComplete(index)).toBe(true);
		}
	});

	test('can be undone without losing what came since, and its chunks go in time', async () => {
		const next = await upgrade(wish);
		await add('ant');
		await maintainer.run();
		await controller.undo();
		await maintainer.run();
		expect(await setup.read()).toMatchObject({ current: oldSetup, trial: null });
		expect(await found(oldIndex)).toEqual(['ant', 'bear', 'fox', 'wolf']);
		expect(await isComplete(oldIndex)).toBe(true);
		await expectCollected(next, oldIndex);
		expect(await records.count(chunkSetStore)).toBe(0);
	});

	test('can be kept, and the old index goes in time', async () => {
		const next = await upgrade(wish);
		await controller.keep();
		await add('ant');
		await maintainer.run();
		await expectCollected(oldIndex, next);
		expect(await found(next)).toEqual(['ant', 'bear', 'fox', 'wolf']);
		const [hit] = await knowledge.search({ text: 'ant', vector: null, indexId: next, limit: 1 });
		expect(hit?.documentName).toBe('ant.md');
	});
});

async function expectCollected(gone: IndexId, kept: IndexId): Promise<void> {
	clock.jump(days(defaultOptions.keepDays) + 1000);
	const indexes = () => records.list(indexStore);
	const collected = await collectGarbage({ records, journal, setup, knowledge, clock, indexes });
	expect(collected.indexes).toEqual([gone]);
	expect(collected.bytes).toBeGreaterThan(0);
	expect(await knowledge.indexState(gone)).toBeNull();
	expect(await isComplete(kept)).toBe(true);
}
