import type { ModelId } from '../core/ids.ts';
import { callLink } from '../wire/call-link.ts';
import type { RemoteApi } from '../wire/remote-api.ts';
import type { WorkerHost } from '../wire/worker-host.ts';
import type { CatalogEntry, ModelListing } from './library-api.ts';
import type { ByteProgress, LibraryService } from './library-service.ts';
import type { OnBytes } from './model-installer.ts';
import type { ModelLibrary } from './model-library.ts';

type RemoteLibrary = RemoteApi<LibraryService>;

export interface LibraryClientOptions {
	readonly host: Pick<WorkerHost<LibraryService>, 'api'>;
	readonly catalog: readonly CatalogEntry[];
	/** Absolute; relative addresses of the catalog start here. */
	readonly baseUrl: string;
	/** `BlobStore.persist` on the page: a worker may not ask the browser to keep what it downloads. */
	readonly persist: () => Promise<unknown>;
}

/** The model library in its worker. A worker that died is started anew by the next call; downloads are paused then. */
export class LibraryClient implements ModelLibrary {
	readonly #options: LibraryClientOptions;
	readonly #listeners = new Set<(model: ModelId) => void>();
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

	async install(model: ModelId, onBytes: OnBytes, signal: AbortSignal): Promise<void> {
		await this.#options.persist();
		return this.#linked(onBytes, signal, (library, link) => library.install(model, link));
	}

	async pause(model: ModelId): Promise<void> {
		return (await this.#library()).pause(model);
	}

	verify(model: ModelId, onBytes: OnBytes, signal: AbortSignal): Promise<number> {
		return this.#linked(onBytes, signal, (library, link) => library.verify(model, link));
	}

	async remove(model: ModelId, usedBy: readonly string[]): Promise<number> {
		return (await this.#library()).remove(model, usedBy);
	}

	async collectOrphans(): Promise<number> {
		return (await this.#library()).collectOrphans();
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
		await api.start(this.#options.catalog, this.#options.baseUrl, port2);
	}
}
