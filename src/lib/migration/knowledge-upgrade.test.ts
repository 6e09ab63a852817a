import { expect, test } from 'vitest';
import type { IndexId, PlanId } from '../core/ids.ts';
import type { Setup } from '../core/setup.ts';
import { indexIdOf, indexSpecOf } from '../knowledge/index-spec.ts';
import { vectorBlockStore } from '../knowledge/knowledge-records.ts';
import type { KnowledgeService } from '../knowledge/knowledge-service.ts';
import { CrashPoint } from '../testing/crash-point.ts';
import { knowledgeOver } from '../testing/knowledge-world.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { MemoryLocks } from '../testing/memory-locks.ts';
import { MemoryRecordStore } from '../testing/memory-record-store.ts';
import { plannable } from '../testing/migration-world.ts';
import { noChats } from '../testing/no-chats.ts';
import { ScriptedBench } from '../testing/scripted-bench.ts';
import { ScriptedShelf } from '../testing/scripted-shelf.ts';
import { isSimulatedCrash } from '../testing/simulated-crash.ts';
import { createSteps } from './create-steps.ts';
import { fillIndex } from './fill-index.ts';
import { impatient } from './hold.ts';
import { MigrationJournal } from './journal.ts';
import { MigrationController } from './migration-controller.ts';
import { defaultOptions } from './plan.ts';
import { planUpgrade } from './planner.ts';
import { SetupRepository } from './setup-repository.ts';

const old = plannable('old');
const next = plannable('new');
const oldIndex = await indexIdOf(indexSpecOf(old));
const newIndex = await indexIdOf(indexSpecOf(next));
const choice = { engine: old.engine, model: old.id, revision: old.revision, name: old.name };
const oldSetup: Setup = { chat: choice, embedding: choice, index: oldIndex, adapters: [] };
const animals = ['Owls', 'Eagles', 'Bears', 'Wolves', 'Foxes', 'Hares'];
const article = animals
	.map((name) => `# ${name}\n\n${name} live in the forest ${name}1.`)
	.join('\n\n');

const clock = new ManualClock(1000);
const noSignal = new AbortController().signal;
const whenIdle = (): Promise<void> => Promise.resolve();

function open(disk: MemoryRecordStore, crash = CrashPoint.never()) {
	const records = crash.records(disk);
	const locks = new MemoryLocks();
	const workshop = knowledgeOver(records, clock);
	const setup = new SetupRepository(records, clock, locks);
	const journal = new MigrationJournal(records);
	const bench = new ScriptedBench();
	const supply = { isInstalled: () => Promise.resolve(true), install: () => Promise.resolve() };
	const room = { freeBytes: () => Promise.resolve(null) };
	const steps = createSteps({
		...{ records, clock, setup, bench, workshop, supply, room, whenIdle },
		...noChats,
		adapters: new ScriptedShelf(records, clock)
	});
	const controller = new MigrationController({
		...{ journal, setup, workshop, clock, locks },
		steps: () => Promise.resolve(steps)
	});
	return { workshop, setup, journal, controller };
}

function complete(workshop: KnowledgeService, index: IndexId): Promise<void> {
	const deps = { bench: new ScriptedBench(), workshop, clock, whenIdle };
	const onBatch = whenIdle;
	const spec = index === oldIndex ? old : next;
	return fillIndex(deps, { spec, index, patience: impatient(noSignal), onBatch });
}

async function furnished(): Promise<MemoryRecordStore> {
	const disk = new MemoryRecordStore();
	const { workshop, setup } = open(disk);
	await setup.initialise(oldSetup);
	await workshop.importFile(new File([article], 'animals.md'));
	await workshop.createIndex(indexSpecOf(old));
	await complete(workshop, oldIndex);
	return disk;
}

function plan() {
	const result = planUpgrade({
		id: 'p' as PlanId,
		now: clock.now(),
		setup: oldSetup,
		catalog: [old, next],
		installed: new Set(),
		indexes: new Map(),
		newIndexId: newIndex,
		texts: animals.length,
		choice: { chat: null, embedding: next.id },
		freeBytes: null,
		unfinished: null,
		device: null,
		engines: ['scripted'],
		embeddingSpeed: null,
		chats: [],
		options: defaultOptions
	});
	if (!result.ok) throw new Error(result.refusal.message);
	return result.plan;
}

async function finish(tab: ReturnType<typeof open>, end: 'keep' | 'undo'): Promise<void> {
	const begun = (await tab.journal.all()).length > 0;
	const rest = begun ? await tab.controller.resumeUnfinished() : await tab.controller.start(plan());
	if (rest?.type === 'waiting') await tab.controller[end]();
}

test.each(['keep', 'undo'] as const)(
	'over the real knowledge base, %s ends the same after a crash at any write',
	async (end) => {
		const crashes = await CrashPoint.exhaust(async (crash) => {
			const disk = await furnished();
			const live = await disk.list(vectorBlockStore, { prefix: [oldIndex] });
			await finish(open(disk, crash), end).catch((error: unknown) => {
				if (!isSimulatedCrash(error)) throw error;
			});
			crash.revive();
			const again = open(disk, crash);
			await finish(again, end);

			const record = await again.setup.read();
			expect(record).toMatchObject({
				trial: null,
				current: { index: end === 'keep' ? newIndex : oldIndex }
			});
			expect(await disk.list(vectorBlockStore, { prefix: [oldIndex] })).toEqual(live);
			// A fresh tab reads from the disk alone.
			const state = await open(disk).workshop.indexState(newIndex);
			expect(state).toMatchObject({ texts: animals.length, embedded: animals.length });
		});
		expect(crashes).toBeGreaterThan(20);
	},
	60_000
);

test('after Undo the old index can be completed with what was added since, and going forward is instant', async () => {
	const tab = open(await furnished());
	await tab.controller.start(plan());
	await tab.workshop.importFile(new File(['# Bees\n\nBees make honey.'], 'bees.md'));
	await tab.controller.undo();
	expect(await tab.workshop.indexState(oldIndex)).toMatchObject({ texts: 7, embedded: 6 });
	await complete(tab.workshop, oldIndex);
	expect(await tab.workshop.indexState(oldIndex)).toMatchObject({ texts: 7, embedded: 7 });
	expect(await tab.workshop.missingTexts(newIndex, 10)).toHaveLength(1);
});
