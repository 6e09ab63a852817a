import type { IndexId } from '../../core/ids.ts';
import type { ChangeFeed } from '../change-feed.ts';
import type { IndexKeeper, KeptIndex } from '../index-keeper.ts';
import { shownError, type ShownError } from '../shown-error.ts';

interface Parts {
	readonly keeper: Pick<IndexKeeper, 'list' | 'free'>;
	readonly feed: ChangeFeed;
}

/** The indexes of earlier setups that are kept until their date, and can be given up sooner. */
export class KeptIndexes {
	readonly #parts: Parts;
	#list = $state.raw<readonly KeptIndex[]>([]);
	#error = $state.raw<ShownError | null>(null);

	constructor(parts: Parts) {
		this.#parts = parts;
		parts.feed.on('upgrade', () => void this.refresh());
	}

	/** The one that is deleted first comes first. */
	get list(): readonly KeptIndex[] {
		return this.#list;
	}

	get error(): ShownError | null {
		return this.#error;
	}

	refresh = (): Promise<void> =>
		this.#orShow(async () => {
			this.#list = await this.#parts.keeper.list();
		});

	free = (id: IndexId): Promise<void> =>
		this.#orShow(async () => {
			await this.#parts.keeper.free(id);
			this.#parts.feed.announce('upgrade');
		});

	async #orShow(work: () => Promise<void>): Promise<void> {
		try {
			await work();
			this.#error = null;
		} catch (error) {
			this.#error = shownError(error);
		}
	}
}
