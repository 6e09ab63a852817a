import type { DocumentId, IndexId, Sha256 } from '../core/ids.ts';
import type { RemoteApi } from '../wire/remote-api.ts';
import { WorkerHost, type WorkerHostOptions } from '../wire/worker-host.ts';
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
import type { DocumentRow } from './knowledge-records.ts';

/** The worker's script may have to be fetched first. */
const readyTimeoutMs = 30_000;

/**
 * The knowledge service in its worker. The worker starts at the first call, and anew at the first call after it died;
 * calls that were under way then reject with `wire/worker-died`.
 */
export class KnowledgeClient implements KnowledgeApi {
	readonly #host: WorkerHost<KnowledgeApi>;

	constructor(options: Pick<WorkerHostOptions, 'spawn' | 'sleep'>) {
		this.#host = new WorkerHost({ name: 'knowledge', readyTimeoutMs, ...options });
	}

	/** Ends the worker, for a tab that has ceased to be the leader. The next call starts another. */
	terminate(): void {
		this.#host.terminate();
	}

	importFile(file: File): Promise<DocumentRow> {
		return this.#call((api) => api.importFile(file));
	}

	removeDocument(id: DocumentId): Promise<void> {
		return this.#call((api) => api.removeDocument(id));
	}

	documents(): Promise<DocumentRow[]> {
		return this.#call((api) => api.documents());
	}

	passage(id: DocumentId, ordinal: number, text?: string): Promise<FoundChunk | null> {
		return this.#call((api) => api.passage(id, ordinal, text));
	}

	textsWith(chunker: ChunkerSpec): Promise<number> {
		return this.#call((api) => api.textsWith(chunker));
	}

	createIndex(spec: IndexSpec): Promise<IndexState> {
		return this.#call((api) => api.createIndex(spec));
	}

	indexState(id: IndexId): Promise<IndexState | null> {
		return this.#call((api) => api.indexState(id));
	}

	missingTexts(id: IndexId, limit: number): Promise<EmbeddableText[]> {
		return this.#call((api) => api.missingTexts(id, limit));
	}

	addVectors(id: IndexId, rows: Parameters<KnowledgeApi['addVectors']>[1]): Promise<void> {
		return this.#call((api) => api.addVectors(id, rows));
	}

	retireIndex(id: IndexId, deleteAfter: number | null): Promise<void> {
		return this.#call((api) => api.retireIndex(id, deleteAfter));
	}

	dropIndex(id: IndexId): Promise<void> {
		return this.#call((api) => api.dropIndex(id));
	}

	collectGarbage(keep: readonly IndexId[], now: number): Promise<CollectedIndexes> {
		return this.#call((api) => api.collectGarbage(keep, now));
	}

	search(request: SearchRequest): Promise<SearchHit[]> {
		return this.#call((api) => api.search(request));
	}

	nearest(
		id: IndexId,
		vector: Float32Array,
		limit: number
	): Promise<{ textHash: Sha256; score: number }[]> {
		return this.#call((api) => api.nearest(id, vector, limit));
	}

	knownItems(id: IndexId, count: number, seed: number): Promise<KnownItem[]> {
		return this.#call((api) => api.knownItems(id, count, seed));
	}

	textPlaces(id: IndexId, textHashes: readonly Sha256[]): Promise<TextPlace[]> {
		return this.#call((api) => api.textPlaces(id, textHashes));
	}

	counterparts(
		from: IndexId,
		to: IndexId,
		textHashes: readonly Sha256[]
	): Promise<readonly (readonly Sha256[])[]> {
		return this.#call((api) => api.counterparts(from, to, textHashes));
	}

	async #call<T>(ask: (api: RemoteApi<KnowledgeApi>) => Promise<T>): Promise<T> {
		return await ask(await this.#host.api());
	}
}
