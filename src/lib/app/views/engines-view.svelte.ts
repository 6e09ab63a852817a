import { formatBytes } from '../../core/bytes.ts';
import type { ModelId } from '../../core/ids.ts';
import type { Setup } from '../../core/setup.ts';
import type { ModelListing } from '../../library/library-api.ts';
import type { ModelLibrary } from '../../library/model-library.ts';
import type { SetupRepository } from '../../migration/setup-repository.ts';
import type { StorageEstimate } from '../../ports/blob-store.ts';
import type { ChangeFeed } from '../change-feed.ts';
import { modelUsers } from '../model-users.ts';
import { shownError, type ShownError } from '../shown-error.ts';

interface Parts {
	readonly library: Pick<ModelLibrary, 'listings' | 'install' | 'pause' | 'verify' | 'remove'> & {
		onChange(listener: (model: ModelId) => void): () => void;
	};
	readonly setup: Pick<SetupRepository, 'read'>;
	readonly estimate: () => Promise<StorageEstimate>;
	readonly feed: ChangeFeed;
	/** The setup that an upgrade under way leads to: its models must stay. */
	readonly upgradingTo: () => Setup | null;
}

/** The models on offer and on this device. */
export class EnginesView {
	readonly #parts: Parts;
	#listings = $state.raw<readonly ModelListing[]>([]);
	#storage = $state.raw<StorageEstimate | null>(null);
	#error = $state.raw<ShownError | null>(null);
	#notice = $state.raw<string | null>(null);
	#refreshing: Promise<void> | null = null;
	/** Something has changed since the read under way began. */
	#stale = false;

	constructor(parts: Parts) {
		this.#parts = parts;
		parts.library.onChange(() => void this.refresh());
		parts.feed.on('library', () => void this.refresh());
	}

	get listings(): readonly ModelListing[] {
		return this.#listings;
	}

	get storage(): StorageEstimate | null {
		return this.#storage;
	}

	get error(): ShownError | null {
		return this.#error;
	}

	/** What the last action did, for a status line. */
	get notice(): string | null {
		return this.#notice;
	}

	dismissError = (): void => {
		this.#error = null;
	};

	/** Several wishes at once are one read, and one more after it. */
	refresh(): Promise<void> {
		this.#stale = true;
		this.#refreshing ??= this.#readUntilFresh();
		return this.#refreshing;
	}

	/** Starts a download or goes on with one. */
	download = (model: ModelId): Promise<void> =>
		this.#act(async () => {
			const { signal } = new AbortController();
			await this.#parts.library.install(model, () => undefined, signal);
			return 'Downloaded and verified.';
		});

	pause = (model: ModelId): Promise<void> =>
		this.#act(async () => {
			await this.#parts.library.pause(model);
			return null;
		});

	verify = (model: ModelId): Promise<void> =>
		this.#act(async () => {
			const { signal } = new AbortController();
			const repaired = await this.#parts.library.verify(model, () => undefined, signal);
			return repairNotice(repaired);
		});

	remove = (model: ModelId): Promise<void> =>
		this.#act(async () => {
			const freed = await this.#parts.library.remove(model, await this.#usersOf(model));
			return `${formatBytes(freed)} freed.`;
		});

	async #act(action: () => Promise<string | null>): Promise<void> {
		this.#error = null;
		this.#notice = null;
		try {
			this.#notice = await action();
		} catch (error) {
			this.#error = shownError(error);
		}
		this.#parts.feed.announce('library');
	}

	async #readUntilFresh(): Promise<void> {
		while (this.#stale) {
			this.#stale = false;
			await this.#read();
		}
		this.#refreshing = null;
	}

	async #read(): Promise<void> {
		try {
			this.#listings = await this.#parts.library.listings();
			this.#storage = await this.#parts.estimate();
		} catch (error) {
			this.#error = shownError(error);
		}
	}

	async #usersOf(model: ModelId): Promise<string[]> {
		const record = await this.#parts.setup.read();
		return record ? modelUsers(record, model, this.#parts.upgradingTo()) : [];
	}
}

function repairNotice(parts: number): string {
	if (parts === 0) return 'Every byte is as its publisher made it.';
	if (parts === 1) return 'One damaged part was downloaded again.';
	return `${parts} damaged parts were downloaded again.`;
}
