import type { DocumentId, IndexId, Sha256 } from '../core/ids.ts';
import { type Priority, SerialQueue } from '../core/serial-queue.ts';
import type { ChunkSet } from './chunk-set.ts';
import { countTexts } from './count-texts.ts';
import { DocumentImporter } from './document-importer.ts';
import { findCounterparts } from './find-counterparts.ts';
import { findPassage } from './find-passage.ts';
import { fuseHits } from './hybrid-search.ts';
import type { ChunkerSpec, IndexSpec } from './index-spec.ts';
import type {
	CollectedIndexes,
	EmbeddableText,
	FoundChunk,
	IndexState,
	KnowledgeApi,
	KnownItem,
	SearchHit,
	SearchRequest,
	TextPlace
} from './knowledge-api.ts';
import type { KnowledgeDeps } from './knowledge-deps.ts';
import { type DocumentRow, documentStore } from './knowledge-records.ts';
import { makeKnownItems } from './known-items.ts';
import { missingIndex } from './missing-index.ts';
import { OpenKnowledge } from './open-knowledge.ts';
import { findTextPlaces, textsAt } from './read-texts.ts';
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
			sets: async () => (await this.#open()).sets,
			added: async (document, cuts) => (await this.#open()).add(document, cuts)
		});
	}

	async importFile(file: File): Promise<DocumentRow> {
		await this.#open();
		return await this.#imports.add(() => this.#importer.import(file));
	}

	removeDocument(id: DocumentId): Promise<void> {
		return this.#write((knowledge) => knowledge.remove(id));
	}

	async documents(): Promise<DocumentRow[]> {
		await this.#open();
		const rows = await this.#deps.records.list(documentStore);
		return rows.sort((a, b) => a.addedAt - b.addedAt);
	}

	async passage(id: DocumentId, ordinal: number, text?: string): Promise<FoundChunk | null> {
		const { sets } = await this.#open();
		return await findPassage(this.#deps.records, sets, { documentId: id, ordinal }, text);
	}

	async textsWith(chunker: ChunkerSpec): Promise<number> {
		return await countTexts(this.#deps, (await this.#open()).sets, chunker);
	}

	async createIndex(spec: IndexSpec): Promise<IndexState> {
		const id = await this.#write(({ indexes }) => indexes.create(spec));
		// One document at a time, behind what people ask for meanwhile.
		while (await this.#write((knowledge) => knowledge.cutNext(id), 'batch'))
			await this.#deps.pause();
		const state = await this.indexState(id);
		if (!state) throw missingIndex(id);
		return state;
	}

	async indexState(id: IndexId): Promise<IndexState | null> {
		return await (await this.#open()).indexes.state(id);
	}

	async missingTexts(id: IndexId, limit: number): Promise<EmbeddableText[]> {
		const contents = await (await this.#open()).indexes.contents(id);
		return await textsAt(await this.#chunksOf(id), contents.missing(limit));
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

	collectGarbage(keep: readonly IndexId[], now: number): Promise<CollectedIndexes> {
		return this.#write(({ indexes }) => indexes.collectGarbage(keep, now));
	}

	async search({ text, vector, indexId, limit }: SearchRequest): Promise<SearchHit[]> {
		const { sets, indexes } = await this.#open();
		const chunks = (indexId && indexes.setOf(indexId)) ?? sets.default;
		const space = vector && indexId ? await indexes.space(indexId, vector.length) : null;
		const rankings = {
			keyword: chunks.keywords.search(text, depthFor(limit)),
			vector: space && vector ? space.search(vector, depthFor(limit)) : []
		};
		return await fuseHits(rankings, limit, chunks);
	}

	async nearest(id: IndexId, vector: Float32Array, limit: number): Promise<TextHit[]> {
		const { indexes } = await this.#open();
		const space = await indexes.space(id, vector.length);
		// An empty answer would look like a bad index.
		if (!space) throw missingIndex(id);
		const { corpus } = await this.#chunksOf(id);
		return space.search(vector, limit).filter((hit) => corpus.has(hit.textHash));
	}

	async knownItems(id: IndexId, count: number, seed: number): Promise<KnownItem[]> {
		const chunks = await this.#chunksOf(id);
		const { corpus } = chunks;
		const step = Math.max(1, corpus.size / Math.max(knownItemSample, count));
		const places = [...corpus.texts()].filter(
			(_, index) => Math.floor(index / step) !== Math.floor((index - 1) / step)
		);
		return makeKnownItems(await textsAt(chunks, places), count, seed);
	}

	async textPlaces(id: IndexId, textHashes: readonly Sha256[]): Promise<TextPlace[]> {
		return await findTextPlaces(await this.#chunksOf(id), textHashes);
	}

	async counterparts(
		from: IndexId,
		to: IndexId,
		textHashes: readonly Sha256[]
	): Promise<readonly (readonly Sha256[])[]> {
		return await findCounterparts(await this.#chunksOf(from), await this.#chunksOf(to), textHashes);
	}

	/** Resolves when everything that was asked for so far is done and no index is being built. */
	async idle(): Promise<void> {
		await this.#imports.add(() => Promise.resolve());
		const { indexes } = await this.#write((knowledge) => Promise.resolve(knowledge));
		await indexes.idle();
	}

	async #write<T>(
		change: (knowledge: OpenKnowledge) => Promise<T>,
		priority: Priority = 'interactive'
	): Promise<T> {
		const knowledge = await this.#open();
		return await this.#writes.add(() => change(knowledge), priority);
	}

	/** A failed opening is tried again by the next call. */
	#open(): Promise<OpenKnowledge> {
		this.#opening ??= OpenKnowledge.open(this.#deps).catch((error: unknown) => {
			this.#opening = null;
			throw error;
		});
		return this.#opening;
	}

	/** Errors: `storage/missing` without such an index. */
	async #chunksOf(id: IndexId): Promise<ChunkSet> {
		const set = (await this.#open()).indexes.setOf(id);
		if (set) return set;
		throw missingIndex(id);
	}
}

/** How deep each ranking is looked at: what both find a bit lower may be the best. */
function depthFor(limit: number): number {
	return Math.max(50, limit * 5);
}
