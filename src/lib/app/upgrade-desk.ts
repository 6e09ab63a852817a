import { AppError } from '../core/errors.ts';
import { newId, type IndexId, type ModelId, type PlanId } from '../core/ids.ts';
import { indexIdOf, indexSpecOf } from '../knowledge/index-spec.ts';
import type { IndexState, KnowledgeApi } from '../knowledge/knowledge-api.ts';
import { chunkStore } from '../knowledge/knowledge-records.ts';
import type { CatalogEntry, ModelListing } from '../library/library-api.ts';
import type { ModelLibrary } from '../library/model-library.ts';
import { dryRun, type DryRunReport } from '../migration/dry-run.ts';
import type { EngineBench } from '../migration/migration-ports.ts';
import type { MigrationJournal } from '../migration/journal.ts';
import type { MigrationPlan, PlanResult, UpgradeOptions } from '../migration/plan.ts';
import { planUpgrade } from '../migration/planner.ts';
import type { SetupRepository } from '../migration/setup-repository.ts';
import type { BlobStore } from '../ports/blob-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { GpuProbe } from '../ports/gpu-probe.ts';
import type { RecordStore } from '../ports/record-store.ts';
import { activeSetup } from './active-setup.ts';

/** What the user chose; null keeps the engine in use. */
export interface EngineWish {
	readonly chat: ModelId | null;
	readonly embedding: ModelId | null;
}

interface Parts {
	readonly setup: SetupRepository;
	readonly journal: MigrationJournal;
	readonly library: Pick<ModelLibrary, 'listings'>;
	readonly knowledge: Pick<KnowledgeApi, 'indexState'>;
	readonly records: RecordStore;
	readonly blobs: Pick<BlobStore, 'estimate'>;
	readonly gpu: GpuProbe;
	readonly bench: EngineBench;
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

	async plan(wish: EngineWish, options: UpgradeOptions): Promise<PlanResult> {
		const { setup, journal, library, knowledge, blobs, gpu, clock } = this.#parts;
		const record = await activeSetup(setup);
		const listings = await library.listings();
		const { usage, quota } = await blobs.estimate();
		const newIndexId = await this.#indexOf(
			listings.find(({ entry }) => entry.id === wish.embedding)?.entry
		);
		const ids = [record.current.index, ...(newIndexId ? [newIndexId] : [])];
		const states = await Promise.all(ids.map((id) => knowledge.indexState(id)));
		return planUpgrade({
			id: newId() as PlanId,
			now: clock.now(),
			setup: record.current,
			catalog: listings.map(({ entry }) => entry),
			installed: new Set(listings.filter(isReady).map(({ entry }) => entry.id)),
			indexes: new Map(states.filter((state) => state !== null).map((state) => [state.id, state])),
			newIndexId,
			texts: await this.#textCount(states),
			choice: wish,
			freeBytes: quota > 0 ? quota - usage : null,
			unfinished: (await journal.unfinished()) !== null,
			device: await gpu.probe(),
			options
		});
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

	async #indexOf(entry: CatalogEntry | undefined): Promise<IndexId | null> {
		return entry?.embedding ? indexIdOf(indexSpecOf(entry)) : null;
	}

	async #textCount(states: readonly (IndexState | null)[]): Promise<number> {
		return states[0]?.texts ?? this.#parts.records.count(chunkStore);
	}
}

function isReady({ state }: ModelListing): boolean {
	return state.at === 'built-in' || state.at === 'installed';
}
