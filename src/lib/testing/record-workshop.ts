import { AppError } from '../core/errors.ts';
import type { IndexId, Sha256 } from '../core/ids.ts';
import { indexIdOf, type IndexSpec } from '../knowledge/index-spec.ts';
import type { IndexState, KnowledgeApi, KnownItem } from '../knowledge/knowledge-api.ts';
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
 * two words of a text are the question that it answers.
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

	async createIndex(spec: IndexSpec): Promise<IndexState> {
		const id = await indexIdOf(spec);
		if (!(await this.#index(id))) await this.#put({ id, spec, deleteAfter: null });
		const state = await this.indexState(id);
		if (!state) throw new AppError('bug', { details: { reason: 'the index vanished' } });
		return state;
	}

	async indexState(id: IndexId): Promise<IndexState | null> {
		if (!(await this.#index(id))) return null;
		const texts = await this.#records.count(workshopTexts);
		const missing = (await this.missingTexts(id, texts)).length;
		const truncated = (await this.#vectors(id)).filter((row) => row.truncated).length;
		return { id, texts, embedded: texts - missing, truncated, search: 'exact' };
	}

	async missingTexts(id: IndexId, limit: number): Promise<WorkshopText[]> {
		const there = new Set((await this.#vectors(id)).map(({ textHash }) => textHash));
		const texts = await this.#records.list(workshopTexts);
		return texts.filter(({ textHash }) => !there.has(textHash)).slice(0, limit);
	}

	async addVectors(id: IndexId, rows: Parameters<KnowledgeApi['addVectors']>[1]): Promise<void> {
		if (!(await this.#index(id))) {
			throw new AppError('storage/missing', { details: { what: 'the index' } });
		}
		if (rows.some(({ vector }) => !vector.every(Number.isFinite))) {
			throw new AppError('engine/bad-output', { details: { reason: 'not finite' } });
		}
		const vectors = rows.map((row) => write.put(workshopVectors, { index: id, ...row }));
		await this.#records.commit(vectors);
	}

	async retireIndex(id: IndexId, deleteAfter: number | null): Promise<void> {
		const index = await this.#index(id);
		if (index) await this.#put({ ...index, deleteAfter });
	}

	async dropIndex(id: IndexId): Promise<void> {
		await this.#records.commit([
			write.delete(workshopIndexes, id),
			write.deletePrefix(workshopVectors, [id])
		]);
	}

	async collectGarbage(keep: readonly IndexId[], now: number): Promise<IndexId[]> {
		const garbage = (await this.#records.list(workshopIndexes)).filter(
			({ id, deleteAfter }) => deleteAfter !== null && deleteAfter < now && !keep.includes(id)
		);
		for (const { id } of garbage) await this.dropIndex(id);
		return garbage.map(({ id }) => id);
	}

	async nearest(
		id: IndexId,
		query: Float32Array,
		limit: number
	): Promise<{ textHash: Sha256; score: number }[]> {
		return (await this.#vectors(id))
			.map(({ textHash, vector }) => ({ textHash, score: dot(query, vector) }))
			.sort((a, b) => b.score - a.score)
			.slice(0, limit);
	}

	async knownItems(count: number): Promise<KnownItem[]> {
		const texts = await this.#records.list(workshopTexts, { limit: count });
		return texts.map(({ textHash, text }) => ({
			query: text.split(' ').slice(0, 2).join(' '),
			textHash
		}));
	}

	async #vectors(id: IndexId): Promise<WorkshopVector[]> {
		return this.#records.list(workshopVectors, { prefix: [id] });
	}

	async #index(id: IndexId): Promise<WorkshopIndex | undefined> {
		return this.#records.get(workshopIndexes, id);
	}

	async #put(index: WorkshopIndex): Promise<void> {
		await this.#records.commit([write.put(workshopIndexes, index)]);
	}
}

function dot(a: Float32Array, b: Float32Array): number {
	return a.reduce((sum, value, at) => sum + value * (b[at] ?? 0), 0);
}
