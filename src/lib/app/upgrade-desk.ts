import { AppError } from '../core/errors.ts';
import { newId, type ModelId, type PlanId } from '../core/ids.ts';
import type { ModelSpec } from '../core/model-spec.ts';
import type { Setup } from '../core/setup.ts';
import type { FitDevice, FitVerdict } from '../engines/fit-contract.ts';
import { fit } from '../engines/fit.ts';
import { defaultChunker } from '../knowledge/index-spec.ts';
import type { KnowledgeApi } from '../knowledge/knowledge-api.ts';
import { chunkStore } from '../knowledge/knowledge-records.ts';
import type { FrozenModel } from '../library/frozen-model.ts';
import type { ModelListing } from '../library/library-api.ts';
import type { ModelLibrary } from '../library/model-library.ts';
import type { StepDefinition } from '../migration/define-migration-step.ts';
import type { DryRunReport } from '../migration/dry-run.ts';
import type {
	AdapterShelf,
	EngineBench,
	PassageFinder,
	Room
} from '../migration/migration-ports.ts';
import type { MigrationJournal } from '../migration/journal.ts';
import type { MigrationPlan, PlanResult, TestPrompt, UpgradeOptions } from '../migration/plan.ts';
import type {
	AdapterOutlook,
	IndexWish,
	MeasuredSpeed,
	PlannableModel,
	UnfinishedUpgrade,
	UpgradeRequest
} from '../migration/upgrade-request.ts';
import { sameSetup } from '../migration/same-setup.ts';
import type { SetupRepository } from '../migration/setup-repository.ts';
import type { Clock } from '../ports/clock.ts';
import type { GpuProbe } from '../ports/gpu-probe.ts';
import type { RecordStore } from '../ports/record-store.ts';
import { activeSetup } from './active-setup.ts';
import type { EngineMeter } from './engine-meter.ts';
import type { LicenceBook, LicenceQuestion } from './licence-book.ts';
import { plannedIndex } from './planned-index.ts';
import { catalogOf } from './plannable-models.ts';
import { fitSubject } from './views/model-fit.ts';

/** What the user chose; null keeps the engine in use. */
export interface EngineWish {
	readonly chat: ModelId | null;
	readonly embedding: ModelId | null;
	/** Absent: the index changes only with its engine. */
	readonly index?: IndexWish;
}

/** What came of a wish. */
export interface PlannedWish {
	readonly result: PlanResult;
	/** The models wished for, to the byte. */
	readonly models: readonly FrozenModel[];
	/** Terms of the models wished for that the user has to agree to, or has agreed to. */
	readonly licences: readonly LicenceQuestion[];
}

interface Parts {
	readonly setup: SetupRepository;
	readonly journal: MigrationJournal;
	readonly library: Pick<ModelLibrary, 'listings' | 'freeze'>;
	readonly knowledge: Pick<KnowledgeApi, 'indexState' | 'textsWith' | 'knownItems' | 'textPlaces'>;
	readonly records: RecordStore;
	readonly room: Room;
	readonly gpu: GpuProbe;
	/** Kinds of engines that this build has. */
	readonly engines: readonly string[];
	readonly bench: EngineBench;
	readonly meter: Pick<EngineMeter, 'latest'>;
	/** Steps that are not SAM's own. */
	readonly customSteps?: readonly StepDefinition[];
	readonly licences: LicenceBook;
	readonly testPrompts: () => Promise<readonly TestPrompt[]>;
	readonly passages: PassageFinder;
	readonly chatSizes: () => Promise<UpgradeRequest['chats']>;
	/** Asked for where a dry run has adapters to try. */
	readonly adapterShelf: () => Promise<Pick<AdapterShelf, 'trial'>>;
	readonly adapterOutlooks: (setup: Setup, chat: ModelSpec) => Promise<readonly AdapterOutlook[]>;
	readonly clock: Clock;
}

/** One seed, so that two dry runs measure the same. */
const sampleSeed = 7;

/** Gathers the facts that a plan is made of, and tries a plan without changing anything. */
export class UpgradeDesk {
	readonly #parts: Parts;

	constructor(parts: Parts) {
		this.#parts = parts;
	}

	listings(): Promise<ModelListing[]> {
		return this.#parts.library.listings();
	}

	/** Whether this device can run them, and why not. */
	async fits(listings: readonly ModelListing[]): Promise<ReadonlyMap<ModelId, FitVerdict>> {
		const device = await this.#device();
		return new Map(listings.map((listing) => [listing.id, fit(fitSubject(listing), device)]));
	}

	/** Pins what is wished for and not frozen yet, then plans with its exact files. Errors: those of `ModelLibrary.freeze`. */
	async plan(
		wished: EngineWish,
		options: UpgradeOptions,
		signal: AbortSignal
	): Promise<PlannedWish> {
		const { setup, library, licences, clock } = this.#parts;
		// Not part of the first page: an upgrade is planned now and then.
		const { planUpgrade } = await import('../migration/planner.ts');
		const record = await activeSetup(setup);
		const listings = await library.listings();
		const frozen = await this.#freeze(wished, listings, signal);
		const wish = {
			...wished,
			chat: idIn(frozen, wished.chat),
			embedding: idIn(frozen, wished.embedding)
		};
		const models = [...frozen.values()];
		const catalog = catalogOf(listings, models);
		const index = await plannedIndex(this.#parts.knowledge, {
			...{ setup: record.current, catalog, wish },
			chunks: () => this.#parts.records.count(chunkStore)
		});
		const { profile: device, freeBytes, engines } = await this.#device();
		const accepted = await licences.accepted();
		const request: UpgradeRequest = {
			id: newId() as PlanId,
			now: clock.now(),
			setup: record.current,
			catalog,
			installed: new Set(listings.filter(isReady).map(({ id }) => id)),
			...index,
			choice: wish,
			freeBytes,
			unfinished: await this.#unfinished(),
			device,
			engines,
			embeddingSpeed: await this.#speedOf(wish.embedding ?? record.current.embedding.model),
			...(this.#parts.customSteps && { customSteps: this.#parts.customSteps }),
			chats: wish.chat ? await this.#parts.chatSizes() : [],
			prompts: wish.chat ? await this.#parts.testPrompts() : [],
			accepted,
			adapters: await this.#outlooks(record.current, catalog, wish.chat),
			options
		};
		const result = await this.#probed(request, planUpgrade);
		const wanted = catalog.filter(({ id }) => id === wish.chat || id === wish.embedding);
		return { result, models, licences: licences.questions(wanted, accepted) };
	}

	/** Whether the plan still begins with what is in use. */
	async isCurrent({ from }: MigrationPlan): Promise<boolean> {
		return sameSetup((await activeSetup(this.#parts.setup)).current, from);
	}

	/** Characters of a passage in the index in use. */
	async passageSize(): Promise<number> {
		const { setup, knowledge } = this.#parts;
		const record = await setup.read();
		const state = record && (await knowledge.indexState(record.current.index));
		return (state?.spec.chunker ?? defaultChunker).size;
	}

	/** What the browser still grants, in bytes; null where it does not tell. */
	freeBytes(): Promise<number | null> {
		return this.#parts.room.freeBytes();
	}

	/** Notes that the user agrees to these terms, or no longer does. */
	async accept(question: LicenceQuestion, agrees: boolean): Promise<void> {
		await this.#parts.licences.accept(question, agrees);
	}

	/** Changes nothing that stays. Errors: `library/not-installed` for a model that has to be downloaded first. */
	async dryRun(plan: MigrationPlan, signal: AbortSignal): Promise<DryRunReport> {
		const { bench, clock, passages, testPrompts, adapterShelf } = this.#parts;
		const download = plan.steps.find((step) => step.kind === 'download');
		if (download) {
			const { model } = download.params;
			const name = [plan.to.chat, plan.to.embedding].find((choice) => choice.model === model)?.name;
			throw new AppError('library/not-installed', { details: { model: name ?? model } });
		}
		const sampleTexts = (count: number): Promise<string[]> => this.#sample(plan, count);
		const prompts = await testPrompts();
		const { dryRun } = await import('../migration/dry-run.ts');
		const adapters: Pick<AdapterShelf, 'trial'> = {
			trial: async (...args) => (await adapterShelf()).trial(...args)
		};
		return dryRun(plan, { bench, clock, sampleTexts, prompts, passages, adapters }, signal);
	}

	/** Texts of the user's own from all over the documents, as long as the new index has them. */
	async #sample({ from, steps }: MigrationPlan, count: number): Promise<string[]> {
		const { knowledge } = this.#parts;
		if (!(await knowledge.indexState(from.index))) return [];
		const build = steps.find((step) => step.kind === 'build-index');
		const items = await knowledge.knownItems(from.index, count, sampleSeed);
		const hashes = items.map(({ textHash }) => textHash);
		const places = await knowledge.textPlaces(from.index, hashes);
		const size = build?.params.indexSpec.chunker.size ?? Infinity;
		return places.slice(0, count).map(({ text }) => text.slice(0, size));
	}

	/** Only a plan tells how much room it takes: what the browser tells is tried then, and may turn out to be too high. */
	async #probed(
		request: UpgradeRequest,
		planUpgrade: (request: UpgradeRequest) => PlanResult
	): Promise<PlanResult> {
		const result = planUpgrade(request);
		if (!result.ok) return result;
		const freeBytes = await this.#parts.room.freeBytes(result.plan.needs.peakBytes);
		return planUpgrade({ ...request, freeBytes });
	}

	/** Nothing is asked of adapters where the chat engine stays. */
	async #outlooks(
		setup: Setup,
		catalog: readonly PlannableModel[],
		chat: ModelId | null
	): Promise<readonly AdapterOutlook[]> {
		const model = catalog.find(({ id }) => id === chat);
		return model && chat !== setup.chat.model ? this.#parts.adapterOutlooks(setup, model) : [];
	}

	async #unfinished(): Promise<UnfinishedUpgrade | null> {
		const { journal, setup } = this.#parts;
		const planId = await journal.unfinished();
		if (planId === null) return null;
		const [first] = await journal.read(planId);
		const current = await activeSetup(setup);
		const onTrial = current.trial?.planId === planId;
		if (first?.type === 'planned') {
			const { from, to } = first.plan;
			return { from, to, onTrial };
		}
		return { from: current.current, to: current.current, onTrial };
	}

	/** The models wished for by the ids that they are listed under; unknown ones are left to the planner. */
	async #freeze(
		{ chat, embedding }: EngineWish,
		listings: readonly ModelListing[],
		signal: AbortSignal
	): Promise<ReadonlyMap<ModelId, FrozenModel>> {
		const frozen = new Map<ModelId, FrozenModel>();
		for (const listing of listings) {
			const { id } = listing;
			if (id !== chat && id !== embedding) continue;
			frozen.set(id, listing.frozen ?? (await this.#parts.library.freeze(id, signal)));
		}
		return frozen;
	}

	async #device(): Promise<FitDevice> {
		const { gpu, engines } = this.#parts;
		return { profile: await gpu.probe(), freeBytes: await this.freeBytes(), engines };
	}

	async #speedOf(model: ModelId | null): Promise<MeasuredSpeed | null> {
		const measured = model ? (await this.#parts.meter.latest()).get(model) : undefined;
		if (!measured?.textsPerSecond) return null;
		return { textsPerSecond: measured.textsPerSecond, at: measured.at };
	}
}

function isReady({ state }: ModelListing): boolean {
	return state.at === 'built-in' || state.at === 'installed';
}

function idIn(frozen: ReadonlyMap<ModelId, FrozenModel>, id: ModelId | null): ModelId | null {
	return id === null ? null : (frozen.get(id)?.spec.id ?? id);
}
