import { AppError } from '../core/errors.ts';
import type { IndexId } from '../core/ids.ts';
import type { KnowledgeApi } from '../knowledge/knowledge-api.ts';
import { indexStore, type IndexRow } from '../knowledge/knowledge-records.ts';
import type { MigrationJournal } from '../migration/journal.ts';
import type { SetupRepository } from '../migration/setup-repository.ts';
import type { RecordStore } from '../ports/record-store.ts';

interface Parts {
	readonly setup: Pick<SetupRepository, 'read'>;
	readonly journal: Pick<MigrationJournal, 'all' | 'unfinished'>;
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
		const names = await this.#names();
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

	/** Indexes of the setup in use, of the one before it on trial, and of an upgrade under way. */
	async #needed(): Promise<ReadonlySet<IndexId>> {
		const { setup, journal } = this.#parts;
		const record = await setup.read();
		const used = [record?.current.index, record?.trial?.previous.index];
		const unfinished = await journal.unfinished();
		for (const [first] of await journal.all()) {
			if (first?.type === 'planned' && first.planId === unfinished)
				used.push(first.plan.from.index, first.plan.to.index);
		}
		return new Set(used.filter((index) => index !== undefined));
	}

	/** Every index was made by some upgrade, or replaced by one: their plans know what it was called. */
	async #names(): Promise<ReadonlyMap<IndexId, string>> {
		const journals = await this.#parts.journal.all();
		return new Map(
			journals.flatMap(([first]) =>
				first?.type === 'planned'
					? [first.plan.from, first.plan.to].map(
							({ index, embedding }) => [index, embedding.name] as const
						)
					: []
			)
		);
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
