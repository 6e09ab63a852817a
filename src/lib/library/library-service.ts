import type { ModelId } from '../core/ids.ts';
import { AppError } from '../core/errors.ts';
import type { Clock } from '../ports/clock.ts';
import { linkedContext } from '../wire/linked-context.ts';
import type { CatalogEntry, ModelListing } from './library-api.ts';
import type { OnBytes } from './model-installer.ts';
import type { ModelLibraryManager } from './model-library-manager.ts';
import { throttled } from './download/throttled.ts';

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
	start(catalog: readonly CatalogEntry[], baseUrl: string, changes: MessagePort): void {
		this.#manager = this.#make({ catalog, baseUrl });
		this.#manager.onChange((model) => changes.postMessage(model));
	}

	listings(): Promise<ModelListing[]> {
		return this.#library.listings();
	}

	isInstalled(model: ModelId): Promise<boolean> {
		return this.#library.isInstalled(model);
	}

	install(model: ModelId, link: MessagePort): Promise<void> {
		return this.#linked(link, (onBytes, signal) => this.#library.install(model, onBytes, signal));
	}

	pause(model: ModelId): Promise<void> {
		return this.#library.pause(model);
	}

	verify(model: ModelId, link: MessagePort): Promise<number> {
		return this.#linked(link, (onBytes, signal) => this.#library.verify(model, onBytes, signal));
	}

	remove(model: ModelId, usedBy: readonly string[]): Promise<number> {
		return this.#library.remove(model, usedBy);
	}

	collectOrphans(): Promise<number> {
		return this.#library.collectOrphans();
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
