import { adapterStore } from '../../adapters/adapter-records.ts';
import type { SetupRepository } from '../../migration/setup-repository.ts';
import type { RecordStore } from '../../ports/record-store.ts';
import { nameAdapters } from '../adapter-notes.ts';
import type { ChangeFeed } from '../change-feed.ts';

interface Parts {
	readonly records: RecordStore;
	readonly setup: Pick<SetupRepository, 'read'>;
	readonly feed: Pick<ChangeFeed, 'on'>;
}

/** The adapters that are on, by name, for pages that are about something else. Follows what is stored once it was read. */
export class AdaptersInUse {
	readonly #parts: Parts;
	#names = $state.raw<readonly string[]>([]);
	#stored = $state(0);
	/** Counts the reads: the one that began last tells. */
	#reads = 0;

	constructor(parts: Parts) {
		this.#parts = parts;
		const follow = (): void => {
			if (this.#reads > 0) void this.refresh();
		};
		for (const what of ['adapters', 'upgrade'] as const) parts.feed.on(what, follow);
	}

	/** Of those that are on, in the order in which they are worked in. */
	get names(): readonly string[] {
		return this.#names;
	}

	/** How many this device has, on or off. */
	get stored(): number {
		return this.#stored;
	}

	/** Never rejects: where nothing can be read, the page itself says so. */
	refresh = async (): Promise<void> => {
		const read = ++this.#reads;
		const { names, stored } = await this.#read().catch(() => ({ names: [], stored: 0 }));
		if (read !== this.#reads) return;
		this.#names = names;
		this.#stored = stored;
	};

	async #read(): Promise<{ readonly names: string[]; readonly stored: number }> {
		const { records, setup } = this.#parts;
		const on = (await setup.read())?.current.adapters ?? [];
		const named = await nameAdapters(records, on);
		return { names: named.map(({ name }) => name), stored: await records.count(adapterStore) };
	}
}
