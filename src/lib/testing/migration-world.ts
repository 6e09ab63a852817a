import type { IndexId, ModelId, PlanId, Sha256 } from '../core/ids.ts';
import type { Setup, SetupRecord } from '../core/setup.ts';
import { indexIdOf, indexSpecOf, type IndexSpec } from '../knowledge/index-spec.ts';
import { collectGarbage, type Collected } from '../migration/collect-garbage.ts';
import { createSteps } from '../migration/create-steps.ts';
import type { StepDefinition } from '../migration/define-migration-step.ts';
import { MigrationJournal } from '../migration/journal.ts';
import { MigrationController } from '../migration/migration-controller.ts';
import type { ModelSupply } from '../migration/migration-ports.ts';
import { nextIndexSpec } from '../migration/next-index-spec.ts';
import {
	defaultOptions,
	type MigrationPlan,
	type TestPrompt,
	type UpgradeOptions
} from '../migration/plan.ts';
import { planUpgrade } from '../migration/planner.ts';
import { SetupRepository } from '../migration/setup-repository.ts';
import type { PlannableModel, UpgradeRequest } from '../migration/upgrade-request.ts';
import { CrashPoint } from './crash-point.ts';
import { ManualClock } from './manual-clock.ts';
import { MemoryDeviceConditions } from './memory-device-conditions.ts';
import { MemoryLocks } from './memory-locks.ts';
import { MemoryRecordStore } from './memory-record-store.ts';
import { noChats } from './no-chats.ts';
import { RecordWorkshop, workshopIndexes, workshopVectors } from './record-workshop.ts';
import { ScriptedBench, type BenchScript } from './scripted-bench.ts';
import { ScriptedShelf, type ShelfScript } from './scripted-shelf.ts';

export function plannable(id: string, parts: Partial<PlannableModel> = {}): PlannableModel {
	return {
		id: id as ModelId,
		name: id.toUpperCase(),
		engine: 'scripted',
		revision: '1',
		tasks: ['generate', 'embed'],
		contextTokens: 4096,
		dtype: null,
		embedding: {
			dims: 32,
			pooling: 'mean',
			prefixes: { query: '', passage: '' },
			normalise: true,
			maxTokens: null
		},
		files: [],
		needs: [],
		parameters: null,
		...parts
	};
}

/** `old` is in use, `new` has to be downloaded. */
export const models = {
	old: plannable('old'),
	new: plannable('new', {
		files: [
			{ path: 'weights.bin', url: 'https://models.test/new', bytes: 1000, sha256: 'ab' as Sha256 }
		]
	})
};

/** What a plan changes. `both`: both engines; `recut`: the size of passages. */
export type PlanKind = 'both' | 'chat' | 'embedding' | 'rebuild' | 'recut';

const choices: Readonly<Record<PlanKind, UpgradeRequest['choice']>> = {
	both: { chat: models.new.id, embedding: models.new.id },
	chat: { chat: models.new.id, embedding: null },
	embedding: { chat: null, embedding: models.new.id },
	rebuild: { chat: null, embedding: null, index: { rebuild: true, chunkSize: null } },
	recut: { chat: null, embedding: null, index: { rebuild: false, chunkSize: 500 } }
};

/** One opened tab: what is built anew at each start of the app. */
export interface Tab {
	readonly controller: MigrationController;
	readonly setup: SetupRepository;
	readonly journal: MigrationJournal;
	readonly workshop: RecordWorkshop;
	readonly locks: MemoryLocks;
	readonly collect: () => Promise<Collected>;
}

/** A device with an old setup, a few texts and everything that an upgrade touches. What survives a crash is here. */
export class MigrationWorld {
	readonly disk = new MemoryRecordStore();
	readonly clock = new ManualClock(1_700_000_000_000);
	readonly conditions = new MemoryDeviceConditions();
	readonly installed = new Set<ModelId>();
	readonly bench: ScriptedBench;
	readonly oldSetup: Setup;
	readonly oldSpec: IndexSpec = indexSpecOf(models.old);
	readonly newIndex: IndexId;
	readonly #locks = new MemoryLocks();
	whenIdle: (signal: AbortSignal) => Promise<void> = () => Promise.resolve();
	/** What comes of trying adapters. */
	shelf: ShelfScript = {};
	/** Steps that are not SAM's own, planned and run. */
	customSteps: readonly StepDefinition[] = [];
	/** What the browser still grants, in bytes; null: it does not tell. */
	freeBytes: number | null = null;
	/** What it really gives, whatever it tells. */
	reallyFree = Infinity;
	/** What was asked in chats, and what is found for test prompts. */
	questions = noChats.questions;
	passages = noChats.passages;
	/** What both chat engines are asked to compare them, where the plan changes the chat engine. */
	prompts: readonly TestPrompt[] = [];
	/** Called by the supply before a model counts as installed. */
	beforeInstall: (signal: AbortSignal) => void | Promise<void> = () => undefined;

	private constructor(script: BenchScript, oldIndex: IndexId, newIndex: IndexId) {
		this.bench = new ScriptedBench(script);
		this.newIndex = newIndex;
		const choice = { engine: 'scripted', model: models.old.id, revision: '1', name: 'OLD' };
		this.oldSetup = { chat: choice, embedding: choice, index: oldIndex, adapters: [] };
	}

	/** The old index is complete; 40 texts make two batches. */
	static async create(script: BenchScript = {}, texts = 40): Promise<MigrationWorld> {
		const oldIndex = await indexIdOf(indexSpecOf(models.old));
		const world = new MigrationWorld(script, oldIndex, await indexIdOf(indexSpecOf(models.new)));
		const { setup, workshop } = world.open();
		await setup.initialise(world.oldSetup);
		await workshop.createIndex(world.oldSpec);
		for (let at = 0; at < texts; at++) await workshop.addText(`word${at} topic${at} in a text`);
		const engine = await new ScriptedBench().open(models.old, new AbortController().signal);
		const missing = await workshop.missingTexts(oldIndex, texts);
		const vectors = await engine.embed(
			missing.map(({ text }) => text),
			'passage',
			new AbortController().signal
		);
		const rows = missing.map(({ textHash }, at) => ({ textHash, vector: vectors[at]! }));
		await workshop.addVectors(oldIndex, rows);
		return world;
	}

	/** Opens the app in a tab of its own. Its writes go through the crash point. */
	open(crash: CrashPoint = CrashPoint.never()): Tab {
		const records = crash.records(this.disk);
		const locks = this.#locks.anotherTab();
		const journal = new MigrationJournal(records);
		const setup = new SetupRepository(records, this.clock, locks);
		const workshop = new RecordWorkshop(records);
		const { clock, bench } = this;
		const steps = createSteps({
			records,
			clock,
			setup,
			bench,
			workshop,
			supply: this.#supply(crash),
			adapters: new ScriptedShelf(records, clock, this.shelf),
			room: { freeBytes: (atLeast) => this.#room(atLeast) },
			questions: this.questions,
			passages: this.passages,
			conditions: this.conditions,
			whenIdle: (signal) => this.whenIdle(signal),
			custom: this.customSteps
		});
		const controller = new MigrationController({
			...{ journal, setup, workshop, clock, locks },
			steps: () => Promise.resolve(steps)
		});
		const indexes = () => records.list(workshopIndexes);
		const collect = () =>
			collectGarbage({ records, journal, setup, knowledge: workshop, indexes, clock });
		return { controller, setup, journal, workshop, locks, collect };
	}

	/** The plan that replaces both engines, unless told otherwise. */
	plan(parts: Partial<UpgradeRequest> = {}, options: Partial<UpgradeOptions> = {}): MigrationPlan {
		const result = planUpgrade({
			id: 'plan-1' as PlanId,
			now: this.clock.now(),
			setup: this.oldSetup,
			catalog: [models.old, models.new],
			installed: this.installed,
			indexes: new Map(),
			presentIndex: this.oldSpec,
			newIndexId: this.newIndex,
			texts: 40,
			choice: { chat: models.new.id, embedding: models.new.id },
			freeBytes: null,
			unfinished: null,
			device: null,
			engines: ['scripted'],
			embeddingSpeed: null,
			chats: [],
			prompts: this.prompts,
			customSteps: this.customSteps,
			options: { ...defaultOptions, ...options },
			...parts
		});
		if (!result.ok) throw new Error(result.refusal.message);
		return result.plan;
	}

	/** The plan of that kind. */
	async planOf(kind: PlanKind, options: Partial<UpgradeOptions> = {}): Promise<MigrationPlan> {
		const choice = choices[kind];
		const isNew = choice.embedding !== null;
		const model = isNew ? models.new : models.old;
		const next = nextIndexSpec({ present: this.oldSpec, model, isNew, wish: choice.index });
		const newIndexId = next && (await indexIdOf(next));
		return this.plan({ choice, newIndexId }, options);
	}

	async record(): Promise<SetupRecord> {
		return (await this.open().setup.read())!;
	}

	/** Vectors of one index, and whether it is garbage one day. */
	async index(id: IndexId) {
		return {
			row: await this.disk.get(workshopIndexes, id),
			vectors: await this.disk.list(workshopVectors, { prefix: [id] })
		};
	}

	async #room(atLeast = 0): Promise<number | null> {
		return atLeast > this.reallyFree ? this.reallyFree : this.freeBytes;
	}

	#supply(crash: CrashPoint): ModelSupply {
		return {
			isInstalled: (model) => Promise.resolve(this.installed.has(model)),
			install: async (model, onProgress, signal) => {
				onProgress(500, 1000);
				await this.beforeInstall(signal);
				signal.throwIfAborted();
				await crash.effect(async () => this.installed.add(model));
			}
		};
	}
}
