import { AppError, hasCode, toAppError } from '../core/errors.ts';
import type { ModelId, Sha256 } from '../core/ids.ts';
import { SerialQueue } from '../core/serial-queue.ts';
import type { BlobStore } from '../ports/blob-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { HasherFactory } from '../ports/hasher.ts';
import type { Locks } from '../ports/locks.ts';
import type { RangeSource } from '../ports/range-source.ts';
import type { RecordStore } from '../ports/record-store.ts';
import { write } from '../ports/store-write.ts';
import {
	downloadStore,
	manifestStore,
	type CatalogEntry,
	type ManifestRow,
	type ModelListing
} from './library-api.ts';
import { ModelInstaller, type OnBytes } from './model-installer.ts';
import type { ModelLibrary } from './model-library.ts';
import { modelBytes, modelState, type ModelActivity, type ModelFacts } from './model-state.ts';
import { ModelStore } from './store/model-store.ts';
import { findDamage, withdraw } from './store/model-verifier.ts';
import { collectOrphans } from './store/orphan-collector.ts';
import { defaultPartBytes } from './store/part-plan.ts';
import { throttled } from './download/throttled.ts';

export interface ModelLibraryOptions {
	readonly catalog: readonly CatalogEntry[];
	readonly records: RecordStore;
	readonly blobs: BlobStore;
	readonly ranges: RangeSource;
	readonly hashers: HasherFactory;
	readonly clock: Clock;
	readonly locks: Locks;
	/** Absolute; relative addresses of the catalog start here. */
	readonly baseUrl: string;
	readonly partBytes?: number;
	/** 0 to 1, to spread retries. Default `Math.random`. */
	readonly random?: () => number;
}

/** Listeners hear of progress at most this often, in milliseconds. */
const progressInterval = 100;

interface Run {
	readonly controller: AbortController;
	/** Settles with the run, never rejects. */
	readonly ended: Promise<unknown>;
}

/** Downloads, checks and deletes models, and knows the state of each. */
export class ModelLibraryManager implements ModelLibrary {
	readonly store: ModelStore;
	readonly #options: ModelLibraryOptions;
	readonly #installer: ModelInstaller;
	/** Whatever decides which files are in use happens one after another. */
	readonly #changes = new SerialQueue();
	readonly #runs = new Map<ModelId, Set<Run>>();
	readonly #claims = new Map<symbol, readonly Sha256[]>();
	readonly #activities = new Map<ModelId, ModelActivity>();
	readonly #errors = new Map<ModelId, NonNullable<ModelFacts['error']>>();
	readonly #listeners = new Set<(model: ModelId) => void>();

	constructor(options: ModelLibraryOptions) {
		this.#options = options;
		this.store = new ModelStore(options);
		this.#installer = new ModelInstaller({
			...options,
			store: this.store,
			partBytes: options.partBytes ?? defaultPartBytes,
			random: options.random ?? Math.random
		});
	}

	async listings(): Promise<ModelListing[]> {
		const [manifests, downloads] = await Promise.all([
			this.store.list(),
			this.#options.records.list(downloadStore)
		]);
		return this.#options.catalog.map((entry) => ({
			entry,
			bytes: modelBytes(entry),
			state: modelState(entry, {
				manifest: manifests.find((manifest) => manifest.model === entry.id),
				downloads: downloads.filter((row) => row.model === entry.id),
				activity: this.#activities.get(entry.id),
				error: this.#errors.get(entry.id)
			})
		}));
	}

	async isInstalled(model: ModelId): Promise<boolean> {
		return this.#entry(model).files.length === 0 || (await this.store.isInstalled(model));
	}

	async install(model: ModelId, onBytes: OnBytes, signal: AbortSignal): Promise<void> {
		const entry = this.#entry(model);
		if (entry.files.length === 0) return;
		await this.#run(model, signal, async (own) => {
			if (await this.store.isInstalled(model)) return;
			const claim = Symbol(model);
			const files = entry.files.map((file) => file.sha256);
			await this.#changes.add(() => Promise.resolve(this.#claims.set(claim, files)));
			try {
				await this.#options.blobs.persist();
				await this.#oneDownload(model, own, () =>
					this.#installer.install(entry, this.#reporting(model, 'downloading', onBytes), own)
				);
			} finally {
				this.#claims.delete(claim);
			}
		});
	}

	async pause(model: ModelId): Promise<void> {
		const runs = [...(this.#runs.get(model) ?? [])];
		for (const run of runs) run.controller.abort();
		await Promise.all(runs.map((run) => run.ended));
	}

	async verify(model: ModelId, onBytes: OnBytes, signal: AbortSignal): Promise<number> {
		if (this.#entry(model).files.length === 0) return 0;
		let damaged = 0;
		await this.#run(model, signal, (own) =>
			this.#holding(model, own, async () => {
				damaged = await this.#check(model, onBytes, own);
			})
		);
		if (damaged > 0) await this.#repair(model, damaged, onBytes, signal);
		return damaged;
	}

	async remove(model: ModelId, usedBy: readonly string[]): Promise<number> {
		if (usedBy.length > 0)
			throw new AppError('library/in-use', { details: { model, usedBy: usedBy.join(', ') } });
		await this.pause(model);
		const freed = await this.#changes.add(() =>
			this.#holding(model, undefined, () => this.store.remove(model, this.#claimed()))
		);
		this.#errors.delete(model);
		this.#tell(model);
		return freed;
	}

	collectOrphans(): Promise<number> {
		return this.#changes.add(() => collectOrphans(this.#options, this.#claimed()));
	}

	/** The listener hears which model's listing is another now. Returns the function that ends it. */
	onChange(listener: (model: ModelId) => void): () => void {
		this.#listeners.add(listener);
		return () => this.#listeners.delete(listener);
	}

	#entry(model: ModelId): CatalogEntry {
		const entry = this.#options.catalog.find((each) => each.id === model);
		if (!entry) throw new AppError('library/not-installed', { details: { model } });
		return entry;
	}

	/** Runs `work` so that `pause` can stop it, and remembers why it failed. */
	async #run(
		model: ModelId,
		signal: AbortSignal,
		work: (signal: AbortSignal) => Promise<void>
	): Promise<void> {
		const controller = new AbortController();
		const working = work(AbortSignal.any([signal, controller.signal]));
		const run = { controller, ended: working.catch(() => undefined) };
		const runs = this.#runs.get(model) ?? new Set();
		this.#runs.set(model, runs.add(run));
		this.#errors.delete(model);
		try {
			await working;
		} catch (error) {
			const { code, message } = toAppError(error);
			if (code !== 'cancelled') this.#errors.set(model, { code, message });
			throw error;
		} finally {
			runs.delete(run);
			this.#activities.delete(model);
			this.#tell(model);
		}
	}

	#holding<T>(model: ModelId, signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
		return this.#options.locks.hold(`download:${model}`, work, signal ? { signal } : {});
	}

	/** Waits until no other model is being downloaded, in any tab. */
	#oneDownload(model: ModelId, signal: AbortSignal, work: () => Promise<void>): Promise<void> {
		return this.#options.locks.hold('downloads', () => this.#holding(model, signal, work), {
			signal
		});
	}

	async #check(model: ModelId, onBytes: OnBytes, signal: AbortSignal): Promise<number> {
		const manifest = await this.store.manifest(model);
		if (!manifest) throw new AppError('library/not-installed', { details: { model } });
		const report = this.#reporting(model, 'verifying', onBytes);
		const damaged = await findDamage(this.#options.blobs, manifest, report, signal);
		if (damaged.length > 0) await withdraw(this.#options, manifest, damaged);
		else await this.#markVerified(manifest);
		return damaged.length;
	}

	#markVerified(manifest: ManifestRow): Promise<void> {
		const verified = { ...manifest, verifiedAt: this.#options.clock.now() };
		return this.#options.records.commit([write.put(manifestStore, verified)]);
	}

	async #repair(
		model: ModelId,
		damaged: number,
		onBytes: OnBytes,
		signal: AbortSignal
	): Promise<void> {
		try {
			await this.install(model, onBytes, signal);
		} catch (cause) {
			if (hasCode(cause, 'cancelled')) throw cause;
			const what = `${damaged} ${damaged === 1 ? 'part' : 'parts'} of ${this.#entry(model).name}`;
			const error = new AppError('storage/corrupt', { details: { what }, cause });
			this.#errors.set(model, { code: error.code, message: error.message });
			this.#tell(model);
			throw error;
		}
	}

	#claimed(): ReadonlySet<Sha256> {
		return new Set([...this.#claims.values()].flat());
	}

	#reporting(model: ModelId, at: ModelActivity['at'], onBytes: OnBytes): OnBytes {
		const tell = throttled(this.#options.clock, progressInterval, () => this.#tell(model));
		return (done, total) => {
			this.#activities.set(model, { at, done, total });
			onBytes(done, total);
			tell(done, total);
		};
	}

	#tell(model: ModelId): void {
		for (const listener of this.#listeners) listener(model);
	}
}
