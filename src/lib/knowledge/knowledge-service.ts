import type { DocumentId, IndexId } from '../core/ids.ts';
import { SerialQueue } from '../core/serial-queue.ts';
import { write } from '../ports/store-write.ts';
import type { ChunkPlace } from './corpus.ts';
import { DocumentImporter } from './document-importer.ts';
import { fuseHits } from './hybrid-search.ts';
import type { IndexSpec } from './index-spec.ts';
import type {
	EmbeddableText,
	IndexState,
	KnowledgeApi,
	KnownItem,
	SearchHit,
	SearchRequest
} from './knowledge-api.ts';
import type { KnowledgeDeps } from './knowledge-deps.ts';
import {
	type ChunkRow,
	chunkStore,
	type DocumentRow,
	documentStore,
	documentTextStore
} from './knowledge-records.ts';
import { makeKnownItems } from './known-items.ts';
import { missingIndex } from './missing-index.ts';
import { OpenKnowledge } from './open-knowledge.ts';
import type { TextHit } from './vector-space.ts';
import type { TextVector } from './vector-store.ts';

/** Passages from which questions are chosen. */
const knownItemSample = 2000;

/** Documents, chunks, vectors and search over a record store. Opened at the first call. */
export class KnowledgeService implements KnowledgeApi {
	readonly #deps: KnowledgeDeps;
	readonly #importer: DocumentImporter;
	readonly #imports = new SerialQueue();
	readonly #writes = new SerialQueue();
	#opening: Promise<OpenKnowledge> | null = null;

	constructor(deps: KnowledgeDeps) {
		this.#deps = deps;
		this.#importer = new DocumentImporter(deps, {
			exclusive: (change) => this.#writes.add(change),
			added: async (document, chunks) => (await this.#open()).add(document, chunks)
		});
	}

	async importFile(file: File): Promise<DocumentRow> {
		await this.#open();
		return await this.#imports.add(() => this.#importer.import(file));
	}

	async removeDocument(id: DocumentId): Promise<void> {
		await this.#write(async (knowledge) => {
			await this.#deps.records.commit([
				write.delete(documentStore, id),
				write.delete(documentTextStore, id),
				write.deletePrefix(chunkStore, [id])
			]);
			await knowledge.remove(id);
		});
	}

	async documents(): Promise<DocumentRow[]> {
		await this.#open();
		const rows = await this.#deps.records.list(documentStore);
		return rows.sort((a, b) => a.addedAt - b.addedAt);
	}

	async passage(
		id: DocumentId,
		ordinal: number
	): Promise<{
		document: DocumentRow;
		chunk: ChunkRow;
		before: ChunkRow | null;
		after: ChunkRow | null;
	} | null> {
		await this.#open();
		const { records } = this.#deps;
		const chunkAt = (place: number): Promise<ChunkRow | undefined> =>
			records.get(chunkStore, [id, place]);
		const [document, chunk, before, after] = await Promise.all([
			records.get(documentStore, id),
			chunkAt(ordinal),
			chunkAt(ordinal - 1),
			chunkAt(ordinal + 1)
		]);
		return document && chunk
			? { document, chunk, before: before ?? null, after: after ?? null }
			: null;
	}

	createIndex(spec: IndexSpec): Promise<IndexState> {
		return this.#write(({ indexes }) => indexes.create(spec));
	}

	async indexState(id: IndexId): Promise<IndexState | null> {
		return await (await this.#open()).indexes.state(id);
	}

	async missingTexts(id: IndexId, limit: number): Promise<EmbeddableText[]> {
		const { corpus, indexes } = await this.#open();
		const isKnown = await indexes.knows(id);
		const missing: ChunkPlace[] = [];
		for (const place of corpus.texts()) {
			if (missing.length >= limit) break;
			if (!isKnown(place.textHash)) missing.push(place);
		}
		return await this.#textsAt(missing);
	}

	addVectors(id: IndexId, rows: readonly TextVector[]): Promise<void> {
		return this.#write(({ indexes }) => indexes.add(id, rows));
	}

	retireIndex(id: IndexId, deleteAfter: number | null): Promise<void> {
		return this.#write(({ indexes }) => indexes.retire(id, deleteAfter));
	}

	dropIndex(id: IndexId): Promise<void> {
		return this.#write(({ indexes }) => indexes.drop(id));
	}

	collectGarbage(keep: readonly IndexId[], now: number): Promise<IndexId[]> {
		return this.#write(({ indexes }) => indexes.collectGarbage(keep, now));
	}

	async search({ text, vector, indexId, limit }: SearchRequest): Promise<SearchHit[]> {
		const { corpus, keywords, indexes } = await this.#open();
		const space = vector && indexId ? await indexes.space(indexId, vector.length) : null;
		const rankings = {
			keyword: keywords.search(text, depthFor(limit)),
			vector: space && vector ? space.search(vector, depthFor(limit)) : []
		};
		return await fuseHits(rankings, limit, corpus, this.#deps.records);
	}

	async nearest(id: IndexId, vector: Float32Array, limit: number): Promise<TextHit[]> {
		const { corpus, indexes } = await this.#open();
		const space = await indexes.space(id, vector.length);
		// An empty answer would look like a bad index.
		if (!space) throw missingIndex(id);
		return space.search(vector, limit).filter((hit) => corpus.has(hit.textHash));
	}

	async knownItems(count: number, seed: number): Promise<KnownItem[]> {
		const { corpus } = await this.#open();
		const step = Math.max(1, corpus.size / Math.max(knownItemSample, count));
		const places = [...corpus.texts()].filter(
			(_, index) => Math.floor(index / step) !== Math.floor((index - 1) / step)
		);
		return makeKnownItems(await this.#textsAt(places), count, seed);
	}

	/** Resolves when everything that was asked for so far is done and no index is being built. */
	async idle(): Promise<void> {
		await this.#imports.add(() => Promise.resolve());
		const { indexes } = await this.#write((knowledge) => Promise.resolve(knowledge));
		await indexes.idle();
	}

	async #write<T>(change: (knowledge: OpenKnowledge) => Promise<T>): Promise<T> {
		const knowledge = await this.#open();
		return await this.#writes.add(() => change(knowledge));
	}

	/** A failed opening is tried again by the next call. */
	#open(): Promise<OpenKnowledge> {
		this.#opening ??= OpenKnowledge.open(this.#deps).catch((error: unknown) => {
			this.#opening = null;
			throw error;
		});
		return this.#opening;
	}

	/** Texts that went meanwhile are left out. */
	async #textsAt(places: readonly ChunkPlace[]): Promise<EmbeddableText[]> {
		const { records } = this.#deps;
		const chunks = await Promise.all(
			places.map(({ documentId, ordinal }) => records.get(chunkStore, [documentId, ordinal]))
		);
		return chunks.flatMap((chunk) =>
			chunk ? [{ textHash: chunk.textHash, text: chunk.text }] : []
		);
	}
}

/** How deep each ranking is looked at: what both find a bit lower may be the best. */
function depthFor(limit: number): number {
	return Math.max(50, limit * 5);
}
