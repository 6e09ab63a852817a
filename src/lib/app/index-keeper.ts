import { AppError } from '../core/errors.ts';
import type { IndexId } from '../core/ids.ts';
import type { KnowledgeApi } from '../knowledge/knowledge-api.ts';
import { indexStore, type IndexRow } from '../knowledge/knowledge-records.ts';
import type { MigrationJournal } from '../migration/journal.ts';
import { neededIndexes } from '../migration/needed-indexes.ts';
import type { SetupRepository } from '../migration/setup-repository.ts';
import type { RecordStore } from '../ports/record-store.ts';
import { indexNames } from './index-names.ts';

interface Parts {
	readonly setup: Pick<SetupRepository, 'read'>;
	readonly journal: Pick<MigrationJournal, 'outlines'>;
	readonly knowledge: Pick<KnowledgeApi, 'dropIndex'>;
	readonly records: RecordStore;
}

/** An index that no setup uses any more, and that makes going back to its engine quick while it is there. */
export interface KeptIndex {
	readonly id: IndexId;
	/** Of the embedding model, for people. */
	readonly name: string;
	/** At most. */
	readonly bytes: number;
	/** Deleted at the first start after this, epoch milliseconds. */
	readonly deleteAfter: number;
}

const vectorsPerBlock = 256;

/** The indexes of earlier setups: which there are, and how to give one up before its date. */
export class IndexKeeper {
	readonly #parts: Parts;

	constructor(parts: Parts) {
		this.#parts = parts;
	}

	/** The one that is deleted first comes first. Errors: those of the stores. */
	async list(): Promise<KeptIndex[]> {
		const needed = await this.#needed();
		const names = indexNames(await this.#parts.journal.outlines());
		const rows = await this.#parts.records.list(indexStore);
		return rows
			.flatMap((row) => (needed.has(row.id) ? [] : keptIndex(row, names)))
			.sort((a, b) => a.deleteAfter - b.deleteAfter);
	}

	/** Deletes it now. Errors: `migration/refused` while a setup, a trial or an upgrade needs it. */
	async free(id: IndexId): Promise<void> {
		if ((await this.#needed()).has(id)) {
			const reason = 'this index is in use again';
			throw new AppError('migration/refused', { details: { reason } });
		}
		await this.#parts.knowledge.dropIndex(id);
	}

	async #needed(): Promise<ReadonlySet<IndexId>> {
		const { setup, journal } = this.#parts;
		return neededIndexes(await setup.read(), await journal.outlines());
	}
}

function keptIndex(
	{ id, spec, blocks, deleteAfter }: IndexRow,
	names: ReadonlyMap<IndexId, string>
): KeptIndex[] {
	if (deleteAfter === null) return [];
	const bytes = blocks * vectorsPerBlock * spec.embedding.dims * Float32Array.BYTES_PER_ELEMENT;
	return [{ id, name: names.get(id) ?? spec.model, bytes, deleteAfter }];
}
