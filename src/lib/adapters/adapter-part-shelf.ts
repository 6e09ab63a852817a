import { throwIfAborted } from '../core/abort.ts';
import type { Sha256 } from '../core/ids.ts';
import type { RecordStore, StoreWrite } from '../ports/record-store.ts';
import { write } from '../ports/store-write.ts';
import { adapterPartStore } from './adapter-records.ts';
import type { HeldFile } from './held-files.ts';

/** The parts of the files of all adapters, by the hash of their file. */
export class AdapterPartShelf {
	readonly #records: RecordStore;

	constructor(records: RecordStore) {
		this.#records = records;
	}

	/**
	 * Stores the files part by part, then makes them belong to something by `commit`. Where either fails, files that were
	 * not there before are removed again: a full disk is not to stay full.
	 */
	async fill(
		held: readonly HeldFile[],
		signal: AbortSignal,
		commit: () => Promise<void>
	): Promise<void> {
		const fresh: Sha256[] = [];
		try {
			for (const { facts, parts } of held) {
				const { sha256 } = facts;
				if ((await this.#records.count(adapterPartStore, { prefix: [sha256] })) === 0)
					fresh.push(sha256);
				for (const [part, bytes] of parts.entries()) {
					throwIfAborted(signal);
					await this.#records.commit([write.put(adapterPartStore, { sha256, part, bytes })]);
				}
			}
			await commit();
		} catch (error) {
			await this.#records.commit(this.removal(fresh)).catch(() => undefined);
			throw error;
		}
	}

	/** The writes that remove these files. */
	removal(files: readonly Sha256[]): StoreWrite[] {
		return files.map((sha256) => write.deletePrefix(adapterPartStore, [sha256]));
	}

	/** Removes all files but those. Resolves with the bytes that this gave back. */
	async collect(needed: ReadonlySet<Sha256>): Promise<number> {
		let freed = 0;
		let after: [Sha256, number] | undefined;
		for (;;) {
			// One at a time: together they may not fit into memory.
			const bounds = after ? { after, limit: 1 } : { limit: 1 };
			const [row] = await this.#records.list(adapterPartStore, bounds);
			if (!row) return freed;
			const { sha256, part, bytes } = row;
			after = [sha256, needed.has(sha256) ? Number.MAX_SAFE_INTEGER : part];
			if (needed.has(sha256)) continue;
			await this.#records.commit([write.delete(adapterPartStore, [sha256, part])]);
			freed += bytes.byteLength;
		}
	}
}
