import type { AdapterRow } from '../adapters/adapter-records.ts';
import { AdapterKeeper } from '../app/adapter-keeper.ts';
import { adapterOutlooks } from '../app/adapter-outlook.ts';
import { backedUpStores } from '../app/backed-up-stores.ts';
import { DocumentSearch } from '../app/document-search.ts';
import { IndexMaintainer } from '../app/index-maintainer.ts';
import { LicenceBook } from '../app/licence-book.ts';
import { liveIndexes } from '../app/live-indexes.ts';
import { ModelDirectory } from '../app/model-directory.ts';
import { TestPrompts } from '../app/test-prompts.ts';
import { UpgradeDesk, type EngineWish } from '../app/upgrade-desk.ts';
import { chatSizes } from '../chat/chat-sizes.ts';
import { ConversationStore } from '../chat/conversation-store.ts';
import { PastQuestions } from '../chat/past-questions.ts';
import type { ModelSpec } from '../core/model-spec.ts';
import type { EngineChoice } from '../core/setup.ts';
import { indexStore } from '../knowledge/knowledge-records.ts';
import type { KnowledgeService } from '../knowledge/knowledge-service.ts';
import { manifestStore } from '../library/library-api.ts';
import { ModelLibraryManager } from '../library/model-library-manager.ts';
import { collectGarbage } from '../migration/collect-garbage.ts';
import { createSteps } from '../migration/create-steps.ts';
import type { StepDefinition } from '../migration/define-migration-step.ts';
import { MigrationJournal } from '../migration/journal.ts';
import { MigrationController } from '../migration/migration-controller.ts';
import type { MigrationPlan, PlanResult, UpgradeOptions } from '../migration/plan.ts';
import { SetupRepository } from '../migration/setup-repository.ts';
import type { BlobStore } from '../ports/blob-store.ts';
import type { DeviceProfile } from '../ports/gpu-probe.ts';
import type { RecordStore } from '../ports/record-store.ts';
import { InstantHasherFactory } from './instant-hash.ts';
import { knowledgeOver } from './knowledge-world.ts';
import type { ManualClock } from './manual-clock.ts';
import { MemoryConnectivity } from './memory-connectivity.ts';
import type { MemoryLocks } from './memory-locks.ts';
import { ScriptedBench, type BenchScript } from './scripted-bench.ts';
import { ScriptedShelf } from './scripted-shelf.ts';
import type { ScriptedRangeSource } from './scripted-range-source.ts';
import { scriptedOutcome, scriptedVerdict } from './upgrade-adapters.ts';
import { catalogOf, modelHost, upgradeModels } from './upgrade-models.ts';
import { watchedSteps, type StepWatch } from './watched-steps.ts';

/** What a tab finds when it is opened. */
export interface Device {
	readonly records: RecordStore;
	readonly blobs: BlobStore;
	readonly clock: ManualClock;
	readonly locks: MemoryLocks;
	readonly source: ScriptedRangeSource;
	readonly catalog: 'now' | 'before';
	readonly script: BenchScript;
	readonly customSteps: readonly StepDefinition[];
	readonly watch: StepWatch;
}

/** Enough of everything, but for a GPU. */
const profile: DeviceProfile = {
	...{ gpu: null, wasmThreads: 4, crossOriginIsolated: true },
	memoryGb: 16
};
const never = new AbortController().signal;

/** The services of the app over fakes of the browser, joined as the app joins them; engines are scripted. */
export class UpgradeTab {
	readonly bench: ScriptedBench;
	readonly locks: MemoryLocks;
	readonly journal: MigrationJournal;
	readonly setup: SetupRepository;
	readonly knowledge: KnowledgeService;
	readonly library: ModelLibraryManager;
	readonly conversations: ConversationStore;
	readonly prompts: TestPrompts;
	readonly search: DocumentSearch;
	readonly maintainer: IndexMaintainer;
	readonly controller: MigrationController;
	readonly keeper: AdapterKeeper;
	readonly #desk: UpgradeDesk;
	readonly #directory: ModelDirectory;
	readonly #device: Device;

	constructor(device: Device) {
		const { records, blobs, clock, source, customSteps } = device;
		this.#device = device;
		const locks = (this.locks = device.locks.anotherTab());
		const bench = (this.bench = new ScriptedBench(device.script));
		const journal = (this.journal = new MigrationJournal(records));
		const setup = (this.setup = new SetupRepository(records, clock, locks));
		const knowledge = (this.knowledge = knowledgeOver(records, clock));
		this.conversations = new ConversationStore({ records, clock });
		this.prompts = new TestPrompts(records, clock);
		const library = (this.library = new ModelLibraryManager({
			...{ records, blobs, clock, locks, ranges: source, catalog: catalogOf(device.catalog) },
			...{ hashers: new InstantHasherFactory(), connectivity: new MemoryConnectivity() },
			...{ baseUrl: modelHost, partBytes: 4096, random: () => 0 }
		}));
		this.#directory = new ModelDirectory({
			builtIn: upgradeModels.map(({ spec }) => spec).filter(({ files }) => files.length === 0),
			installed: async (model) => (await records.get(manifestStore, model))?.spec ?? null,
			served: () => Promise.resolve([])
		});
		this.search = new DocumentSearch({
			knowledge,
			embedQuery: (text, signal) => this.#embedQuery(text, signal),
			indexInUse: async () => (await setup.read())?.current.index ?? null
		});
		this.maintainer = new IndexMaintainer({
			...{ knowledge, clock },
			whenIdle: () => Promise.resolve(),
			liveIndexes: () => liveIndexes({ setup, journal, spec: (choice) => this.specOf(choice) }),
			embedder: (live, signal) => bench.open(live.spec, signal)
		});
		const verdictOf = (row: AdapterRow, spec: ModelSpec) => scriptedVerdict(records, row, spec);
		this.keeper = new AdapterKeeper({
			...{ records, setup, journal, verdictOf },
			spec: (choice) => this.specOf(choice)
		});
		const shelf = new ScriptedShelf(records, clock, { outcome: scriptedOutcome });
		const steps = createSteps({
			...{ records, clock, setup, bench, workshop: knowledge, supply: library },
			room: library,
			adapters: shelf,
			questions: new PastQuestions(records),
			passages: this.search,
			whenIdle: () => Promise.resolve(),
			configStores: backedUpStores.map(({ store }) => store),
			custom: customSteps
		});
		this.controller = new MigrationController({
			...{ journal, setup, clock, locks, workshop: knowledge },
			steps: () => Promise.resolve(watchedSteps(steps, device.watch))
		});
		this.#desk = new UpgradeDesk({
			...{ setup, journal, library, room: library, knowledge, records, clock, bench, customSteps },
			gpu: { probe: () => Promise.resolve(profile) },
			meter: { latest: () => Promise.resolve(new Map()) },
			engines: ['transformers'],
			licences: new LicenceBook(records),
			testPrompts: () => this.prompts.list(),
			passages: this.search,
			chatSizes: () => chatSizes(this.conversations),
			adapterShelf: () => Promise.resolve(shelf),
			adapterOutlooks: (current, chat) => adapterOutlooks({ records, verdictOf }, current, chat)
		});
	}

	/** What an engine must know of that model. Errors: `library/not-installed`. */
	specOf(choice: EngineChoice): Promise<ModelSpec> {
		return this.#directory.spec(choice);
	}

	/** What the wizard would say to that wish. */
	async ask(wish: EngineWish, options: UpgradeOptions): Promise<PlanResult> {
		return (await this.#desk.plan(wish, options, never)).result;
	}

	/** The plan that the wizard would make. A refusal is a failure of the test. */
	async plan(wish: EngineWish, options: UpgradeOptions): Promise<MigrationPlan> {
		const result = await this.ask(wish, options);
		if (!result.ok) throw new Error(result.refusal.message);
		return result.plan;
	}

	/** What the app collects once it has started. Returns how many stray parts of models there were. */
	async collect(): Promise<number> {
		const { records, clock } = this.#device;
		const { journal, setup, knowledge, library } = this;
		const indexes = () => records.list(indexStore);
		await collectGarbage({ records, clock, journal, setup, knowledge, indexes });
		return library.collectOrphans();
	}

	/** The tab is gone, whatever it was doing. */
	close(): void {
		this.locks.die();
	}

	async #embedQuery(text: string, signal: AbortSignal) {
		const record = await this.setup.read();
		if (!record) throw new Error('there is no setup');
		const { embedding, index } = record.current;
		const engine = await this.bench.open(await this.specOf(embedding), signal);
		try {
			const [vector] = await engine.embed([text], 'query', signal);
			return { vector: vector!, index };
		} finally {
			await engine.close();
		}
	}
}
