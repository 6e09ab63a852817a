import type { DocumentId, IndexId, Sha256 } from '../core/ids.ts';
import type { RemoteApi } from '../wire/remote-api.ts';
import { WorkerHost, type WorkerHostOptions } from '../wire/worker-host.ts';
import type { IndexSpec } from './index-spec.ts';
import type {
	EmbeddableText,
	IndexState,
	KnowledgeApi,
	KnownItem,
	SearchHit,
	SearchRequest
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

	passage(id: DocumentId, ordinal: number): ReturnType<KnowledgeApi['passage']> {
		return this.#call((api) => api.passage(id, ordinal));
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

	collectGarbage(keep: readonly IndexId[], now: number): Promise<IndexId[]> {
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

	knownItems(count: number, seed: number): Promise<KnownItem[]> {
		return this.#call((api) => api.knownItems(count, seed));
	}

	async #call<T>(ask: (api: RemoteApi<KnowledgeApi>) => Promise<T>): Promise<T> {
		return await ask(await this.#host.api());
	}
}
