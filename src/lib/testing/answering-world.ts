import { AnswerEngines } from '../app/answer-engines.ts';
import { EmbeddingInUse } from '../app/embedding-in-use.ts';
import { EngineFailures } from '../app/engine-failures.ts';
import { EnginePool } from '../app/engine-pool.ts';
import type { EngineRunParts } from '../app/engine-run.ts';
import { LoadMarks } from '../app/load-marks.ts';
import { loadNotes } from '../app/load-notes.ts';
import { choiceOf } from '../app/model-directory.ts';
import { SafeMode } from '../app/safe-mode.ts';
import { TrialStarts } from '../app/trial-starts.ts';
import type { EngineDevice } from '../core/engine-device.ts';
import { AppError } from '../core/errors.ts';
import type { IndexId, ModelId, PlanId } from '../core/ids.ts';
import type { ModelSpec } from '../core/model-spec.ts';
import type { EngineChoice, Setup } from '../core/setup.ts';
import type { CallContext, LoadRequest } from '../engines/engine-contract.ts';
import { MigrationJournal } from '../migration/journal.ts';
import { SetupRepository } from '../migration/setup-repository.ts';
import { withoutFailedAdapters } from '../migration/without-failed-adapters.ts';
import { ManualClock } from './manual-clock.ts';
import { MemoryLocks } from './memory-locks.ts';
import { MemoryRecordStore } from './memory-record-store.ts';
import { MemorySessionNotes } from './memory-session-notes.ts';
import { ScriptedEngine, scriptedModel, type Script } from './scripted-engine.ts';

/** A small ONNX model of that name. */
export function onnxModel(name: string): ModelSpec {
	return {
		...scriptedModel,
		...{ id: name.toLowerCase() as ModelId, name, engine: 'transformers', dtype: 'q8' }
	};
}

/** Loads every model, on the device that it is asked for; `auto` is the GPU. */
class LoadedEngine extends ScriptedEngine {
	readonly #onLoad: (request: LoadRequest) => Promise<EngineDevice>;

	constructor(script: Script, onLoad: (request: LoadRequest) => Promise<EngineDevice>) {
		super(script);
		this.#onLoad = onLoad;
	}

	protected override async doLoad(request: LoadRequest, context: CallContext) {
		const device = await this.#onLoad(request);
		const spec = { ...request.spec, id: scriptedModel.id };
		return { ...(await super.doLoad({ ...request, spec }, context)), device };
	}
}

/** The engines in use as the app joins them, with engines that fail when a test says so. */
export class AnsweringWorld {
	readonly planId = 'plan-1' as PlanId;
	readonly clock = new ManualClock();
	readonly records: MemoryRecordStore;
	readonly setup: SetupRepository;
	readonly journal: MigrationJournal;
	readonly pool: EnginePool;
	readonly failures: EngineFailures;
	readonly sessions: MemorySessionNotes;
	readonly safeMode: SafeMode;
	readonly answers: AnswerEngines;
	readonly embedding: EmbeddingInUse;
	/** Every attempt to load, such as `gemma auto`, or `gemma auto +style` with an adapter. */
	readonly loads: string[] = [];
	/** Unproven starts whenever a failed start was reported. */
	readonly reports: number[] = [];
	/** Adapters that a model turned out to fail with. */
	readonly adapterFailures: string[] = [];
	/** Awaited in each load; may throw what the load fails with. */
	onLoad: (load: string) => unknown = () => undefined;
	/** Awaited whenever what is known of a model is looked up. */
	onSpec: (model: string) => unknown = () => undefined;
	/** What engines of that model do from their next load on. */
	readonly scripts = new Map<string, Script>();
	/** Models that are not on this device. */
	readonly missing = new Set<string>();
	readonly #models = new Map<string, ModelSpec>();

	/** `before`: the tab whose storage this one finds. */
	constructor(
		models: readonly ModelSpec[],
		builtIn: readonly ModelSpec[],
		before: AnsweringWorld | null = null
	) {
		this.records = before?.records ?? new MemoryRecordStore();
		this.sessions = before?.sessions.anotherTab() ?? new MemorySessionNotes();
		for (const model of [...models, ...builtIn]) this.#models.set(model.id, model);
		this.setup = new SetupRepository(this.records, this.clock, new MemoryLocks());
		this.journal = new MigrationJournal(this.records);
		let next = '';
		this.pool = new EnginePool({
			make: () => new LoadedEngine(this.scripts.get(next) ?? {}, (request) => this.#load(request))
		});
		this.failures = new EngineFailures(this.clock);
		const { setup, journal, records, clock, sessions } = this;
		const marks = new LoadMarks({ records, clock, sessions });
		const safeMode = new SafeMode({ marks, setup });
		this.safeMode = safeMode;
		const starts = new TrialStarts({
			...{ setup, safeMode },
			reportFailedStart: () => this.#reportFailedStart()
		});
		const run: EngineRunParts = {
			pool: this.pool,
			spec: async (choice) => {
				await this.onSpec(choice.model);
				next = choice.model;
				return this.#specOf(choice);
			},
			failures: this.failures,
			...{ starts, safeMode },
			notes: (role, choice, spec) => loadNotes({ starts, marks }, role, choice, spec),
			placeOf: async ({ engine }) => (engine === 'transformers' ? 'webgpu' : 'cpu'),
			usableAdapters: async (adapters, chat) =>
				(await withoutFailedAdapters(records, { chat, adapters })).adapters,
			onAdaptersFailed: ({ uses, error }, { id }) => {
				for (const { adapter } of uses)
					this.adapterFailures.push(`${adapter} with ${id}: ${error.code}`);
			}
		};
		this.answers = new AnswerEngines({
			...{ ...run, setup, journal, builtIn },
			nameAdapters: async (uses) =>
				uses.map(({ adapter: id, strength }) => ({ id, name: `My ${id}`, strength })),
			isRemote: (kind) => kind === 'remote'
		});
		this.embedding = new EmbeddingInUse({ ...run, setup });
	}

	/** That model for both roles. */
	setupOf(model: ModelSpec, embedding = model): Setup {
		const index = `index-${embedding.id}` as IndexId;
		return { chat: choiceOf(model), embedding: choiceOf(embedding), index, adapters: [] };
	}

	tryOut(from: Setup, to: Setup): Promise<unknown> {
		return this.setup.startTrial({ from, to, planId: this.planId, keepUntil: 1000 });
	}

	#specOf({ model, name }: EngineChoice): ModelSpec {
		const spec = this.#models.get(model);
		if (!spec || this.missing.has(model)) {
			throw new AppError('library/not-installed', { details: { model: name } });
		}
		return spec;
	}

	async #load({ spec, device, adapters = [] }: LoadRequest): Promise<EngineDevice> {
		const load = [`${spec.id} ${device}`, ...adapters.map(({ adapter }) => `+${adapter}`)].join(
			' '
		);
		this.loads.push(load);
		await this.onLoad(load);
		if (spec.engine !== 'transformers') return 'cpu';
		return device === 'wasm' ? 'wasm' : 'webgpu';
	}

	/** As the controller does it: at the third failure the trial is undone. */
	async #reportFailedStart(): Promise<null> {
		const tries = (await this.setup.read())?.trial?.unprovenStarts ?? 0;
		this.reports.push(tries);
		if (tries >= 3) await this.setup.restorePrevious(this.planId);
		return null;
	}
}
