import { AppError } from '../core/errors.ts';
import { newId, type ModelId, type PlanId } from '../core/ids.ts';
import type { FitDevice, FitVerdict } from '../engines/fit-contract.ts';
import { fit } from '../engines/fit.ts';
import { indexIdOf, indexSpecOf } from '../knowledge/index-spec.ts';
import type { IndexState, KnowledgeApi } from '../knowledge/knowledge-api.ts';
import { chunkStore } from '../knowledge/knowledge-records.ts';
import type { FrozenModel } from '../library/frozen-model.ts';
import type { ModelListing } from '../library/library-api.ts';
import type { ModelLibrary } from '../library/model-library.ts';
import type { StepDefinition } from '../migration/define-migration-step.ts';
import { dryRun, type DryRunReport } from '../migration/dry-run.ts';
import type { EngineBench } from '../migration/migration-ports.ts';
import type { MigrationJournal } from '../migration/journal.ts';
import type { MigrationPlan, PlanResult, UpgradeOptions } from '../migration/plan.ts';
import { planUpgrade } from '../migration/planner.ts';
import type {
	MeasuredSpeed,
	PlannableModel,
	UpgradeRequest
} from '../migration/upgrade-request.ts';
import type { SetupRepository } from '../migration/setup-repository.ts';
import type { BlobStore } from '../ports/blob-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { GpuProbe } from '../ports/gpu-probe.ts';
import type { RecordStore } from '../ports/record-store.ts';
import { activeSetup } from './active-setup.ts';
import type { EngineMeter } from './engine-meter.ts';
import { freeBytesIn } from './free-bytes.ts';
import { fitSubject } from './views/model-fit.ts';

/** What the user chose; null keeps the engine in use. */
export interface EngineWish {
	readonly chat: ModelId | null;
	readonly embedding: ModelId | null;
}

/** What came of a wish. */
export interface PlannedWish {
	readonly result: PlanResult;
	/** The models wished for, to the byte. */
	readonly models: readonly FrozenModel[];
}

interface Parts {
	readonly setup: SetupRepository;
	readonly journal: MigrationJournal;
	readonly library: Pick<ModelLibrary, 'listings' | 'freeze'>;
	readonly knowledge: Pick<KnowledgeApi, 'indexState'>;
	readonly records: RecordStore;
	readonly blobs: Pick<BlobStore, 'estimate'>;
	readonly gpu: GpuProbe;
	/** Kinds of engines that this build has. */
	readonly engines: readonly string[];
	readonly bench: EngineBench;
	readonly meter: Pick<EngineMeter, 'latest'>;
	/** Steps that are not SAM's own. */
	readonly customSteps?: readonly StepDefinition[];
	readonly chatSizes: () => Promise<UpgradeRequest['chats']>;
	readonly clock: Clock;
}

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
		const { setup, journal, library, knowledge, clock } = this.#parts;
		const record = await activeSetup(setup);
		const listings = await library.listings();
		const frozen = await this.#freeze(wished, listings, signal);
		const wish = { chat: idIn(frozen, wished.chat), embedding: idIn(frozen, wished.embedding) };
		const models = [...frozen.values()];
		const embedding = models.find(({ spec }) => spec.id === wish.embedding)?.spec;
		const newIndexId = embedding?.embedding ? await indexIdOf(indexSpecOf(embedding)) : null;
		const ids = [record.current.index, ...(newIndexId ? [newIndexId] : [])];
		const states = await Promise.all(ids.map((id) => knowledge.indexState(id)));
		const { profile: device, freeBytes, engines } = await this.#device();
		const result = planUpgrade({
			id: newId() as PlanId,
			now: clock.now(),
			setup: record.current,
			catalog: catalogOf(listings, models),
			installed: new Set(listings.filter(isReady).map(({ id }) => id)),
			indexes: new Map(states.filter((state) => state !== null).map((state) => [state.id, state])),
			newIndexId,
			texts: await this.#textCount(states),
			choice: wish,
			freeBytes,
			unfinished: (await journal.unfinished()) !== null,
			device,
			engines,
			embeddingSpeed: await this.#speedOf(wish.embedding),
			...(this.#parts.customSteps && { customSteps: this.#parts.customSteps }),
			chats: wish.chat ? await this.#parts.chatSizes() : [],
			options
		});
		return { result, models };
	}

	/** Changes nothing that stays. Errors: `library/not-installed` for a model that has to be downloaded first. */
	async dryRun(plan: MigrationPlan, signal: AbortSignal): Promise<DryRunReport> {
		const { bench, clock, records } = this.#parts;
		const download = plan.steps.find((step) => step.kind === 'download');
		if (download) {
			const { model } = download.params;
			const name = [plan.to.chat, plan.to.embedding].find((choice) => choice.model === model)?.name;
			throw new AppError('library/not-installed', { details: { model: name ?? model } });
		}
		const sampleTexts = async (count: number): Promise<string[]> => {
			const chunks = await records.list(chunkStore, { limit: 40 * count });
			const stride = Math.max(1, Math.floor(chunks.length / count));
			return chunks.flatMap(({ text }, i) => (i % stride === 0 ? [text] : [])).slice(0, count);
		};
		return dryRun(plan, { bench, clock, sampleTexts }, signal);
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
		const { blobs, gpu, engines } = this.#parts;
		const freeBytes = freeBytesIn(await blobs.estimate());
		return { profile: await gpu.probe(), freeBytes, engines };
	}

	async #speedOf(model: ModelId | null): Promise<MeasuredSpeed | null> {
		const measured = model ? (await this.#parts.meter.latest()).get(model) : undefined;
		if (!measured?.textsPerSecond) return null;
		return { textsPerSecond: measured.textsPerSecond, at: measured.at };
	}

	async #textCount(states: readonly (IndexState | null)[]): Promise<number> {
		return states[0]?.texts ?? this.#parts.records.count(chunkStore);
	}
}

function isReady({ state }: ModelListing): boolean {
	return state.at === 'built-in' || state.at === 'installed';
}

function idIn(frozen: ReadonlyMap<ModelId, FrozenModel>, id: ModelId | null): ModelId | null {
	return id === null ? null : (frozen.get(id)?.spec.id ?? id);
}

function catalogOf(
	listings: readonly ModelListing[],
	models: readonly FrozenModel[]
): PlannableModel[] {
	const known = listings.flatMap(({ frozen }) => (frozen ? [frozen] : []));
	const byId = new Map([...known, ...models].map((model) => [model.spec.id, model]));
	return [...byId.values()].map(({ spec, about: { needs, parameters } }) => ({
		...spec,
		needs,
		parameters
	}));
}
