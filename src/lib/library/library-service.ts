import { AppError } from '../core/errors.ts';
import type { ModelId } from '../core/ids.ts';
import type { Clock } from '../ports/clock.ts';
import { linkedContext } from '../wire/linked-context.ts';
import type { LocalFile, ModelAddress } from './add/model-address.ts';
import type { ModelFinding } from './add/model-finding.ts';
import type { CatalogEntry } from './catalog/catalog-entry.ts';
import type { DownloadSettings } from './download/download-settings.ts';
import { throttled } from './download/throttled.ts';
import type { FoundFiles, ListedFile } from './files/listed-file.ts';
import type { FrozenModel } from './frozen-model.ts';
import type { ModelListing } from './library-api.ts';
import type { ModelLibraryManager } from './model-library-manager.ts';
import type { OnBytes } from './model-library.ts';

/** Bytes got or checked so far. */
export interface ByteProgress {
	readonly done: number;
	readonly total: number;
}

/** What the library's worker is told first. */
export interface LibraryStart {
	readonly catalog: readonly CatalogEntry[];
	/** Absolute. */
	readonly baseUrl: string;
	readonly settings: DownloadSettings;
}

/** Progress crosses threads at most this often, in milliseconds. */
const progressInterval = 50;

/** The model library as its worker offers it: `LibraryClient` is the other end. `link` is the port of a `callLink`. */
export class LibraryService {
	readonly #clock: Clock;
	readonly #make: (start: LibraryStart) => ModelLibraryManager;
	#manager: ModelLibraryManager | undefined;

	constructor(clock: Clock, make: (start: LibraryStart) => ModelLibraryManager) {
		this.#clock = clock;
		this.#make = make;
	}

	/** To be called before anything else, and once. `changes` is sent the id of each model whose listing changes. */
	async start(start: LibraryStart, changes: MessagePort): Promise<void> {
		this.#manager = this.#make(start);
		await this.#manager.configure(start.settings);
		this.#manager.onChange((model) => changes.postMessage(model));
	}

	listings(): Promise<ModelListing[]> {
		return this.#library.listings();
	}

	isInstalled(model: ModelId): Promise<boolean> {
		return this.#library.isInstalled(model);
	}

	freeze(model: ModelId, link: MessagePort): Promise<FrozenModel> {
		return this.#linked(link, (_, signal) => this.#library.freeze(model, signal));
	}

	install(model: ModelId, link: MessagePort): Promise<void> {
		return this.#linked(link, (onBytes, signal) => this.#library.install(model, onBytes, signal));
	}

	pause(model: ModelId): Promise<void> {
		return this.#library.pause(model);
	}

	move(model: ModelId, where: 'earlier' | 'later'): Promise<void> {
		return this.#library.move(model, where);
	}

	resumeAll(): Promise<void> {
		return this.#library.resumeAll();
	}

	verify(model: ModelId, link: MessagePort): Promise<number> {
		return this.#linked(link, (onBytes, signal) => this.#library.verify(model, onBytes, signal));
	}

	audit(): Promise<ModelId[]> {
		return this.#library.audit();
	}

	remove(model: ModelId, usedBy: readonly string[]): Promise<number> {
		return this.#library.remove(model, usedBy);
	}

	collectOrphans(): Promise<number> {
		return this.#library.collectOrphans();
	}

	checkForUpdates(link: MessagePort): Promise<number> {
		return this.#linked(link, (_, signal) => this.#library.checkForUpdates(signal));
	}

	inspect(address: ModelAddress, link: MessagePort): Promise<ModelFinding> {
		return this.#linked(link, (_, signal) => this.#library.inspect(address, signal));
	}

	add(finding: string, entry: CatalogEntry, link: MessagePort): Promise<ModelId> {
		return this.#linked(link, (onBytes, signal) =>
			this.#library.add(finding, entry, onBytes, signal)
		);
	}

	giveFiles(model: ModelId, files: readonly LocalFile[]): Promise<void> {
		return this.#library.giveFiles(model, files);
	}

	exportTo(model: ModelId, folder: FileSystemDirectoryHandle, link: MessagePort): Promise<void> {
		return this.#linked(link, (onBytes, signal) =>
			this.#library.exportTo(model, folder, onBytes, signal)
		);
	}

	findFiles(address: string, likely: readonly string[], link: MessagePort): Promise<FoundFiles> {
		return this.#linked(link, (_, signal) => this.#library.findFiles(address, likely, signal));
	}

	fetchFile(file: ListedFile, limit: number, link: MessagePort): Promise<Blob> {
		return this.#linked(link, (onBytes, signal) =>
			this.#library.fetchFile(file, limit, onBytes, signal)
		);
	}

	forgetFetched(): Promise<void> {
		return this.#library.forgetFetched();
	}

	freeBytes(atLeast?: number): Promise<number | null> {
		return this.#library.freeBytes(atLeast);
	}

	configure(settings: DownloadSettings): Promise<void> {
		return this.#library.configure(settings);
	}

	get #library(): ModelLibraryManager {
		if (this.#manager) return this.#manager;
		throw new AppError('bug', { details: { reason: 'the library was not started' } });
	}

	async #linked<T>(
		link: MessagePort,
		work: (onBytes: OnBytes, signal: AbortSignal) => Promise<T>
	): Promise<T> {
		const { signal, onProgress, close } = linkedContext<ByteProgress>(link);
		const report: OnBytes = (done, total) => onProgress({ done, total });
		try {
			return await work(throttled(this.#clock, progressInterval, report), signal);
		} finally {
			close();
		}
	}
}
