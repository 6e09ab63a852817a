import { AppError } from '../core/errors.ts';
import type { DocumentId, IndexId, Sha256 } from '../core/ids.ts';
import { indexIdOf, type IndexSpec } from '../knowledge/index-spec.ts';
import type {
	CollectedIndexes,
	IndexState,
	KnowledgeApi,
	KnownItem,
	TextPlace
} from '../knowledge/knowledge-api.ts';
import { dotAt, unitVector } from '../knowledge/vector-math.ts';
import { normaliseAll } from '../knowledge/vector-store.ts';
import type { IndexWorkshop } from '../migration/migration-ports.ts';
import type { RecordStore, StoreOf } from '../ports/record-store.ts';
import { write } from '../ports/store-write.ts';

export interface WorkshopText {
	readonly textHash: Sha256;
	readonly text: string;
}

export interface WorkshopIndex {
	readonly id: IndexId;
	readonly spec: IndexSpec;
	readonly deleteAfter: number | null;
}

export interface WorkshopVector {
	readonly index: IndexId;
	readonly textHash: Sha256;
	readonly vector: Float32Array;
	readonly truncated?: boolean;
}

const workshopTexts: StoreOf<WorkshopText, string> = {
	name: 'workshop-texts',
	keyOf: (row) => row.textHash
};
export const workshopIndexes: StoreOf<WorkshopIndex, string> = {
	name: 'workshop-indexes',
	keyOf: (row) => row.id
};
export const workshopVectors: StoreOf<WorkshopVector, readonly [string, string]> = {
	name: 'workshop-vectors',
	keyOf: (row) => [row.index, row.textHash]
};

/**
 * Texts and indexes without documents and chunks: every change is one commit of the store that it is given. The first
 * two words of a text are the question that it answers. The texts are the same whatever the chunker of an index; for
 * people, they stand one after the other in a single document.
 */
export class RecordWorkshop implements IndexWorkshop, Pick<KnowledgeApi, 'collectGarbage'> {
	readonly #records: RecordStore;

	constructor(records: RecordStore) {
		this.#records = records;
	}

	async addText(text: string): Promise<void> {
		const row = { textHash: `hash of ${text}` as Sha256, text };
		await this.#records.commit([write.put(workshopTexts, row)]);
	}

	/** An index that was retired is in use again. */
	async createIndex(spec: IndexSpec): Promise<IndexState> {
		const id = await indexIdOf(spec);
		const there = await this.#index(id);
		if (there?.deleteAfter !== null) await this.#put({ id, spec, deleteAfter: null });
		return await this.#stateOf({ id, spec });
	}

	async indexState(id: IndexId): Promise<IndexState | null> {
		const index = await this.#index(id);
		return index ? await this.#stateOf(index) : null;
	}

	async missingTexts(id: IndexId, limit: number): Promise<WorkshopText[]> {
		await this.#existing(id);
		const there = new Set((await this.#vectors(id)).map(({ textHash }) => textHash));
		const texts = await this.#records.list(workshopTexts);
		return texts.filter(({ textHash }) => !there.has(textHash)).slice(0, limit);
	}

	async addVectors(id: IndexId, rows: Parameters<KnowledgeApi['addVectors']>[1]): Promise<void> {
		const { spec } = await this.#existing(id);
		const there = new Set((await this.#vectors(id)).map(({ textHash }) => textHash));
		const fresh = normaliseAll(rows, spec.embedding.dims).filter(
			({ textHash }) => !there.has(textHash)
		);
		await this.#records.commit(
			fresh.map((row) => write.put(workshopVectors, { index: id, ...row }))
		);
	}

	async retireIndex(id: IndexId, deleteAfter: number | null): Promise<void> {
		const index = deleteAfter === null ? await this.#existing(id) : await this.#index(id);
		if (index) await this.#put({ ...index, deleteAfter });
	}

	async dropIndex(id: IndexId): Promise<void> {
		await this.#records.commit([
			write.delete(workshopIndexes, id),
			write.deletePrefix(workshopVectors, [id])
		]);
	}

	/** The bytes are those of the vectors. */
	async collectGarbage(keep: readonly IndexId[], now: number): Promise<CollectedIndexes> {
		const garbage = (await this.#records.list(workshopIndexes)).filter(
			({ id, deleteAfter }) => deleteAfter !== null && deleteAfter <= now && !keep.includes(id)
		);
		let bytes = 0;
		for (const { id } of garbage) {
			for (const { vector } of await this.#vectors(id)) bytes += vector.byteLength;
			await this.dropIndex(id);
		}
		return { indexes: garbage.map(({ id }) => id), bytes };
	}

	async nearest(
		id: IndexId,
		query: Float32Array,
		limit: number
	): Promise<{ textHash: Sha256; score: number }[]> {
		await this.#existing(id);
		const unit = unitVector(query);
		if (!unit) return [];
		return (await this.#vectors(id))
			.map(({ textHash, vector }) => ({ textHash, score: dotAt(vector, 0, unit) }))
			.sort((a, b) => b.score - a.score)
			.slice(0, limit);
	}

	async knownItems(id: IndexId, count: number): Promise<KnownItem[]> {
		await this.#existing(id);
		const texts = await this.#records.list(workshopTexts, { limit: count });
		return texts.map(({ textHash, text }) => ({
			query: text.split(' ').slice(0, 2).join(' '),
			textHash
		}));
	}

	async textPlaces(id: IndexId, textHashes: readonly Sha256[]): Promise<TextPlace[]> {
		await this.#existing(id);
		const texts = await this.#records.list(workshopTexts);
		return textHashes.flatMap((textHash) => {
			const ordinal = texts.findIndex((row) => row.textHash === textHash);
			const text = texts[ordinal]?.text;
			if (text === undefined) return [];
			const document = { documentId: 'workshop' as DocumentId, documentName: 'workshop.md' };
			return [{ ...document, textHash, ordinal, headings: [], page: null, text }];
		});
	}

	async counterparts(from: IndexId, to: IndexId, textHashes: readonly Sha256[]) {
		await this.#existing(from);
		await this.#existing(to);
		return textHashes.map((textHash) => [textHash]);
	}

	async #stateOf({ id, spec }: Pick<WorkshopIndex, 'id' | 'spec'>): Promise<IndexState> {
		const texts = await this.#records.count(workshopTexts);
		const missing = (await this.missingTexts(id, texts)).length;
		const truncated = (await this.#vectors(id)).filter((row) => row.truncated).length;
		return { id, spec, texts, embedded: texts - missing, truncated, search: 'exact' };
	}

	async #vectors(id: IndexId): Promise<WorkshopVector[]> {
		return this.#records.list(workshopVectors, { prefix: [id] });
	}

	async #index(id: IndexId): Promise<WorkshopIndex | undefined> {
		return this.#records.get(workshopIndexes, id);
	}

	async #existing(id: IndexId): Promise<WorkshopIndex> {
		const index = await this.#index(id);
		if (index) return index;
		throw new AppError('storage/missing', { details: { what: 'the index' } });
	}

	async #put(index: WorkshopIndex): Promise<void> {
		await this.#records.commit([write.put(workshopIndexes, index)]);
	}
}
