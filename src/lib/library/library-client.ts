import type { AppError } from '../core/errors.ts';
import type { ModelId } from '../core/ids.ts';
import { callLink } from '../wire/call-link.ts';
import type { RemoteApi } from '../wire/remote-api.ts';
import type { WorkerHost } from '../wire/worker-host.ts';
import type { LocalFile, ModelAddress } from './add/model-address.ts';
import type { ModelFinding } from './add/model-finding.ts';
import type { CatalogEntry } from './catalog/catalog-entry.ts';
import { defaultDownloadSettings, type DownloadSettings } from './download/download-settings.ts';
import type { FoundFiles, ListedFile } from './files/listed-file.ts';
import type { FrozenModel } from './frozen-model.ts';
import type { ModelListing } from './library-api.ts';
import type { ByteProgress, LibraryService } from './library-service.ts';
import type { ModelLibrary, OnBytes } from './model-library.ts';

type RemoteLibrary = RemoteApi<LibraryService>;

export interface LibraryClientOptions {
	readonly host: Pick<WorkerHost<LibraryService>, 'api' | 'terminate'>;
	readonly catalog: readonly CatalogEntry[];
	/** Absolute; relative addresses of the catalog start here. */
	readonly baseUrl: string;
	/** `BlobStore.persist` on the page: a worker may not ask the browser to keep what it downloads. */
	readonly persist: () => Promise<unknown>;
}

/**
 * The model library in its worker. A worker that died, or was ended, is started anew by the next call; downloads that
 * were under way then go on with `resumeAll`.
 */
export class LibraryClient implements ModelLibrary {
	readonly #options: LibraryClientOptions;
	readonly #listeners = new Set<(model: ModelId) => void>();
	#settings = defaultDownloadSettings;
	#started: { readonly api: RemoteLibrary; readonly done: Promise<void> } | undefined;

	constructor(options: LibraryClientOptions) {
		this.#options = options;
	}

	async listings(): Promise<ModelListing[]> {
		return (await this.#library()).listings();
	}

	async isInstalled(model: ModelId): Promise<boolean> {
		return (await this.#library()).isInstalled(model);
	}

	freeze(model: ModelId, signal: AbortSignal): Promise<FrozenModel> {
		return this.#linked(unheard, signal, (library, link) => library.freeze(model, link));
	}

	async install(model: ModelId, onBytes: OnBytes, signal: AbortSignal): Promise<void> {
		await this.#options.persist();
		return this.#linked(onBytes, signal, (library, link) => library.install(model, link));
	}

	async pause(model: ModelId): Promise<void> {
		return (await this.#library()).pause(model);
	}

	async move(model: ModelId, where: 'earlier' | 'later'): Promise<void> {
		return (await this.#library()).move(model, where);
	}

	async resumeAll(): Promise<void> {
		return (await this.#library()).resumeAll();
	}

	verify(model: ModelId, onBytes: OnBytes, signal: AbortSignal): Promise<number> {
		return this.#linked(onBytes, signal, (library, link) => library.verify(model, link));
	}

	async audit(): Promise<ModelId[]> {
		return (await this.#library()).audit();
	}

	async remove(model: ModelId, usedBy: readonly string[]): Promise<number> {
		return (await this.#library()).remove(model, usedBy);
	}

	async collectOrphans(): Promise<number> {
		return (await this.#library()).collectOrphans();
	}

	checkForUpdates(signal: AbortSignal): Promise<number> {
		return this.#linked(unheard, signal, (library, link) => library.checkForUpdates(link));
	}

	inspect(address: ModelAddress, signal: AbortSignal): Promise<ModelFinding> {
		return this.#linked(unheard, signal, (library, link) => library.inspect(address, link));
	}

	add(
		finding: string,
		entry: CatalogEntry,
		onBytes: OnBytes,
		signal: AbortSignal
	): Promise<ModelId> {
		return this.#linked(onBytes, signal, (library, link) => library.add(finding, entry, link));
	}

	async giveFiles(model: ModelId, files: readonly LocalFile[]): Promise<void> {
		return (await this.#library()).giveFiles(model, files);
	}

	exportTo(
		model: ModelId,
		folder: FileSystemDirectoryHandle,
		onBytes: OnBytes,
		signal: AbortSignal
	): Promise<void> {
		return this.#linked(onBytes, signal, (library, link) => library.exportTo(model, folder, link));
	}

	findFiles(address: string, likely: readonly string[], signal: AbortSignal): Promise<FoundFiles> {
		return this.#linked(unheard, signal, (library, link) =>
			library.findFiles(address, likely, link)
		);
	}

	fetchFile(file: ListedFile, limit: number, onBytes: OnBytes, signal: AbortSignal): Promise<Blob> {
		return this.#linked(onBytes, signal, (library, link) => library.fetchFile(file, limit, link));
	}

	/** A worker that does not run has nothing to forget. */
	async forgetFetched(): Promise<void> {
		if (this.#started) await (await this.#library()).forgetFetched();
	}

	async freeBytes(atLeast?: number): Promise<number | null> {
		return (await this.#library()).freeBytes(atLeast);
	}

	/** Known to workers that are started later, too. */
	async configure(settings: DownloadSettings): Promise<void> {
		this.#settings = settings;
		if (this.#started) await (await this.#library()).configure(settings);
	}

	/** Ends the worker: what it was doing rejects with `reason`, and nothing that is stored is lost. */
	stop(reason: AppError): void {
		this.#started = undefined;
		this.#options.host.terminate(reason);
	}

	/** The listener hears which model's listing is another now. Returns the function that ends it. */
	onChange(listener: (model: ModelId) => void): () => void {
		this.#listeners.add(listener);
		return () => void this.#listeners.delete(listener);
	}

	async #linked<T>(
		onBytes: OnBytes,
		signal: AbortSignal,
		call: (library: RemoteLibrary, link: MessagePort) => Promise<T>
	): Promise<T> {
		const library = await this.#library();
		const { port, release } = callLink<ByteProgress>(signal, ({ done, total }) =>
			onBytes(done, total)
		);
		try {
			return await call(library, port);
		} finally {
			release();
		}
	}

	/** The service, started once for each worker that it runs in. */
	async #library(): Promise<RemoteLibrary> {
		const api = await this.#options.host.api();
		if (this.#started?.api !== api) this.#started = { api, done: this.#start(api) };
		await this.#started.done;
		return api;
	}

	async #start(api: RemoteLibrary): Promise<void> {
		const { port1: changes, port2 } = new MessageChannel();
		changes.onmessage = ({ data }: MessageEvent<ModelId>) => {
			for (const listener of this.#listeners) listener(data);
		};
		const { catalog, baseUrl } = this.#options;
		await api.start({ catalog, baseUrl, settings: this.#settings }, port2);
	}
}

const unheard: OnBytes = () => undefined;
