import { AppError } from '../core/errors.ts';
import type { ModelId } from '../core/ids.ts';
import type { BlobStore } from '../ports/blob-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { Connectivity } from '../ports/connectivity.ts';
import type { HasherFactory } from '../ports/hasher.ts';
import type { Locks } from '../ports/locks.ts';
import type { RangeSource } from '../ports/range-source.ts';
import type { RecordStore } from '../ports/record-store.ts';
import { LocalFileRegistry } from './add/local-file-registry.ts';
import { localSource } from './add/local-source.ts';
import type { LocalFile, ModelAddress } from './add/model-address.ts';
import type { ModelFinding } from './add/model-finding.ts';
import { ModelInspector } from './add/model-inspector.ts';
import type { CatalogEntry } from './catalog/catalog-entry.ts';
import { Bandwidth } from './download/bandwidth.ts';
import { defaultDownloadSettings, type DownloadSettings } from './download/download-settings.ts';
import { exportModel } from './export/export-model.ts';
import { freeBytes } from './free-bytes.ts';
import { fetchFile } from './files/fetch-file.ts';
import { FileBeginnings } from './files/file-beginnings.ts';
import { findFiles } from './files/find-files.ts';
import type { FoundFiles, ListedFile } from './files/listed-file.ts';
import type { FrozenModel } from './frozen-model.ts';
import { HttpModelHub } from './hub/http-model-hub.ts';
import type { ModelHub } from './hub/model-hub.ts';
import { urlsOf } from './hub/mirrors.ts';
import { PrefetchedFiles } from './hub/prefetched-files.ts';
import { InstallQueue } from './install-queue.ts';
import { downloadStore, type ModelListing } from './library-api.ts';
import { listModels } from './list-models.ts';
import { ModelActivities } from './model-activities.ts';
import { ModelFreezer } from './model-freezer.ts';
import { ModelInstaller } from './model-installer.ts';
import type { ModelLibrary, OnBytes } from './model-library.ts';
import { ModelChecks } from './model-checks.ts';
import { frozenElsewhere, listingElsewhere, type ModelElsewhere } from './model-elsewhere.ts';
import { ModelStore } from './store/model-store.ts';
import { collectOrphans } from './store/orphan-collector.ts';
import { defaultPartBytes } from './store/part-plan.ts';
import { WantedModels } from './wanted-models.ts';

export interface ModelLibraryOptions {
	readonly catalog: readonly CatalogEntry[];
	/** Models on servers of the user's, as of now. Default none. */
	readonly elsewhere?: () => Promise<readonly ModelElsewhere[]>;
	readonly records: RecordStore;
	readonly blobs: BlobStore;
	readonly ranges: RangeSource;
	readonly hashers: HasherFactory;
	readonly clock: Clock;
	readonly locks: Locks;
	readonly connectivity: Connectivity;
	/** Absolute; relative addresses of the catalog start here. */
	readonly baseUrl: string;
	readonly partBytes?: number;
	/** 0 to 1, to spread retries. Default `Math.random`. */
	readonly random?: () => number;
}

/** Downloads, checks and deletes models, and knows the state of each. */
export class ModelLibraryManager implements ModelLibrary {
	readonly store: ModelStore;
	readonly #options: ModelLibraryOptions;
	readonly #wanted: WantedModels;
	readonly #freezer: ModelFreezer;
	readonly #queue: InstallQueue;
	readonly #inspector: ModelInspector;
	readonly #hub: ModelHub;
	readonly #localFiles = new LocalFileRegistry();
	readonly #beginnings = new FileBeginnings();
	readonly #bandwidth: Bandwidth;
	readonly #checks: ModelChecks;
	readonly #activities: ModelActivities;
	#settings = defaultDownloadSettings;

	constructor(options: ModelLibraryOptions) {
		const { records, clock, locks, catalog, baseUrl } = options;
		this.#options = options;
		this.store = new ModelStore(options);
		this.#wanted = new WantedModels({ records, clock });
		this.#bandwidth = new Bandwidth(clock);
		this.#activities = new ModelActivities(clock);
		const prefetched = new PrefetchedFiles();
		const settings = (): DownloadSettings => this.#settings;
		const ranges = prefetched.wrap(localSource(options.ranges, this.#localFiles), settings);
		const hub = new HttpModelHub({ ranges: options.ranges, settings });
		this.#hub = hub;
		this.#freezer = new ModelFreezer({
			...{ catalog, hub, prefetched },
			...{ store: this.store, wanted: this.#wanted }
		});
		this.#inspector = new ModelInspector({
			...{ hub, ranges, catalog, prefetched },
			hashers: options.hashers,
			localFiles: this.#localFiles,
			mirrors: () => this.#settings.mirrors
		});
		const installer = new ModelInstaller({
			...options,
			...{ ranges, store: this.store, baseUrl, bandwidth: this.#bandwidth },
			addressesOf: (url) => urlsOf(url, this.#settings),
			partBytes: options.partBytes ?? defaultPartBytes,
			random: options.random ?? Math.random
		});
		this.#queue = new InstallQueue({
			...{ wanted: this.#wanted, locks },
			install: (model, onBytes, signal) => this.#install(installer, model, onBytes, signal),
			onChange: (model) => this.#activities.tell(model)
		});
		this.#checks = new ModelChecks({
			...options,
			...{ store: this.store, wanted: this.#wanted, activities: this.#activities },
			install: (model, onBytes, signal) => this.install(model, onBytes, signal),
			changing: (work) => this.#changing(work)
		});
	}

	async listings(): Promise<ModelListing[]> {
		const { catalog, records, connectivity } = this.#options;
		const [known, manifests, wanted, downloads] = await Promise.all([
			this.#freezer.known(),
			this.store.list(),
			this.#wanted.list(),
			records.list(downloadStore)
		]);
		const here = listModels({
			...{ catalog, known, manifests, wanted, downloads },
			activityOf: (model) => this.#activities.of(model),
			isOurs: (model) => this.#queue.has(model),
			online: connectivity.online
		});
		return [...here, ...(await this.#elsewhere()).map(listingElsewhere)];
	}

	async isInstalled(model: ModelId): Promise<boolean> {
		if ((await this.#isBuiltIn(model)) || (await this.#findElsewhere(model))) return true;
		return this.store.isInstalled(model);
	}

	async freeze(model: ModelId, signal: AbortSignal): Promise<FrozenModel> {
		const served = await this.#findElsewhere(model);
		if (served) return frozenElsewhere(served);
		const frozen = await this.#freezer.freeze(model, signal);
		const { id, files } = frozen.spec;
		if (files.length > 0 && !(await this.store.isInstalled(id)))
			await this.#changing(() => this.#wanted.keep(frozen));
		return frozen;
	}

	async install(model: ModelId, onBytes: OnBytes, signal: AbortSignal): Promise<void> {
		if (await this.isInstalled(model)) return;
		const frozen = await this.#freezer.freeze(model, signal);
		const { id } = frozen.spec;
		if (await this.isInstalled(id)) return;
		await this.#changing(() => this.#wanted.ask(frozen));
		await this.#queue.run(id, onBytes, signal);
	}

	async pause(model: ModelId): Promise<void> {
		this.#checks.stop(model);
		await this.#queue.stop(model);
		const row = await this.#wanted.get(model);
		if (row?.place != null && !row.paused) await this.#wanted.stop(model, null);
		this.#activities.tell(model);
	}

	async move(model: ModelId, where: 'earlier' | 'later'): Promise<void> {
		await this.#changing(() => this.#wanted.move(model, where));
		this.#activities.tell(model);
	}

	async resumeAll(): Promise<void> {
		for (const { id, paused } of await this.#wanted.queue()) {
			if (paused || this.#queue.has(id)) continue;
			// Its row remembers why it stopped.
			this.#queue.run(id, () => undefined, new AbortController().signal).catch(() => undefined);
		}
	}

	async verify(model: ModelId, onBytes: OnBytes, signal: AbortSignal): Promise<number> {
		if (await this.#isBuiltIn(model)) return 0;
		return this.#checks.verify(model, onBytes, signal);
	}

	audit(): Promise<ModelId[]> {
		return this.#checks.audit();
	}

	async remove(model: ModelId, usedBy: readonly string[]): Promise<number> {
		if (usedBy.length > 0) {
			const details = { model: await this.#nameOf(model), usedBy: usedBy.join(', ') };
			throw new AppError('library/in-use', { details });
		}
		await this.pause(model);
		const freed = await this.#changing(() =>
			this.#options.locks.hold(`download:${model}`, () => this.store.remove(model))
		);
		this.#localFiles.forget(model);
		this.#activities.tell(model);
		return freed;
	}

	collectOrphans(): Promise<number> {
		return this.#changing(() => collectOrphans(this.#options));
	}

	async checkForUpdates(signal: AbortSignal): Promise<number> {
		let found = 0;
		for (const manifest of await this.store.list()) {
			const current = await this.#freezer.freeze(manifest.model, signal);
			const newer = await this.#freezer.newer(current, signal);
			if (!newer || (await this.store.isInstalled(newer.spec.id))) continue;
			await this.#changing(() => this.#wanted.keep(newer));
			found++;
			this.#activities.tell(newer.spec.id);
		}
		return found;
	}

	inspect(address: ModelAddress, signal: AbortSignal): Promise<ModelFinding> {
		return this.#inspector.inspect(address, signal);
	}

	async add(
		finding: string,
		entry: CatalogEntry,
		onBytes: OnBytes,
		signal: AbortSignal
	): Promise<ModelId> {
		const frozen = await this.#inspector.freeze(finding, entry, onBytes, signal);
		const { id } = frozen.spec;
		if (!(await this.store.isInstalled(id))) await this.#changing(() => this.#wanted.keep(frozen));
		this.#activities.tell(id);
		return id;
	}

	async giveFiles(model: ModelId, files: readonly LocalFile[]): Promise<void> {
		const { spec } = await this.#freezer.freeze(model, new AbortController().signal);
		this.#localFiles.give(spec, files);
	}

	async exportTo(
		model: ModelId,
		folder: FileSystemDirectoryHandle,
		onBytes: OnBytes,
		signal: AbortSignal
	): Promise<void> {
		const manifest = await this.store.manifest(model);
		if (!manifest)
			throw new AppError('library/not-installed', {
				details: { model: await this.#nameOf(model) }
			});
		await exportModel(manifest, await this.store.files(model), folder, onBytes, signal);
	}

	findFiles(address: string, likely: readonly string[], signal: AbortSignal): Promise<FoundFiles> {
		const { ranges } = this.#options;
		const { mirrors } = this.#settings;
		return findFiles(address, likely, { hub: this.#hub, ranges, mirrors }, signal);
	}

	fetchFile(file: ListedFile, limit: number, onBytes: OnBytes, signal: AbortSignal): Promise<Blob> {
		const parts = {
			...this.#options,
			...{ bandwidth: this.#bandwidth, beginnings: this.#beginnings },
			addressesOf: (url: string) => urlsOf(url, this.#settings),
			random: this.#options.random ?? Math.random
		};
		return fetchFile(file, limit, parts, onBytes, signal);
	}

	forgetFetched(): Promise<void> {
		this.#beginnings.forget();
		return Promise.resolve();
	}

	freeBytes(atLeast?: number): Promise<number | null> {
		return freeBytes(this.#options.blobs, atLeast);
	}

	configure(settings: DownloadSettings): Promise<void> {
		this.#settings = settings;
		this.#bandwidth.limit = settings.bytesPerSecond;
		return Promise.resolve();
	}

	/** The listener hears which model's listing is another now. Returns the function that ends it. */
	onChange(listener: (model: ModelId) => void): () => void {
		return this.#activities.onChange(listener);
	}

	/** Whatever decides which files are in use happens one after another, in all tabs. */
	#changing<T>(work: () => Promise<T>): Promise<T> {
		return this.#options.locks.hold('library-changes', work);
	}

	async #install(
		installer: ModelInstaller,
		model: ModelId,
		onBytes: OnBytes,
		signal: AbortSignal
	): Promise<void> {
		const row = await this.#wanted.get(model);
		// Another tab may have finished it, or deleted it, while this one waited.
		if (!row && (await this.store.isInstalled(model))) return;
		if (!row) throw new AppError('cancelled');
		try {
			const report = this.#activities.begin(model, 'downloading', onBytes);
			await installer.install(row.model, report, signal);
			this.#localFiles.forget(model);
		} finally {
			this.#activities.end(model);
		}
	}

	async #nameOf(model: ModelId): Promise<string> {
		const found = (await this.listings()).find(({ id }) => id === model);
		return found?.entry.name ?? model;
	}

	async #elsewhere(): Promise<readonly ModelElsewhere[]> {
		return (await this.#options.elsewhere?.()) ?? [];
	}

	async #findElsewhere(model: ModelId): Promise<ModelElsewhere | undefined> {
		return (await this.#elsewhere()).find(({ spec }) => spec.id === model);
	}

	async #isBuiltIn(model: ModelId): Promise<boolean> {
		const known = await this.#freezer.known();
		return [...known.values()].some(({ spec }) => spec.id === model && spec.files.length === 0);
	}
}
