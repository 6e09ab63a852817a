import type { IndexId } from '../../core/ids.ts';
import type { ChangeFeed } from '../change-feed.ts';
import type { IndexKeeper, KeptIndex } from '../index-keeper.ts';
import type { ShownError } from '../shown-error.ts';
import { LastFailure } from './last-failure.svelte.ts';

interface Parts {
	readonly keeper: Pick<IndexKeeper, 'list' | 'free'>;
	readonly feed: ChangeFeed;
}

/** The indexes of earlier setups that are kept until their date, and can be given up sooner. */
export class KeptIndexes {
	readonly #parts: Parts;
	#list = $state.raw<readonly KeptIndex[]>([]);
	readonly #failure = new LastFailure();

	constructor(parts: Parts) {
		this.#parts = parts;
		parts.feed.on('upgrade', () => void this.refresh());
	}

	/** The one that is deleted first comes first. */
	get list(): readonly KeptIndex[] {
		return this.#list;
	}

	get error(): ShownError | null {
		return this.#failure.error;
	}

	refresh = (): Promise<void> =>
		this.#failure.of(async () => {
			this.#list = await this.#parts.keeper.list();
		});

	free = (id: IndexId): Promise<void> =>
		this.#failure.of(async () => {
			await this.#parts.keeper.free(id);
			this.#parts.feed.announce('upgrade');
		});
}
