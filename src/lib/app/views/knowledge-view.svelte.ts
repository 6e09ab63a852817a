import type { DocumentId } from '../../core/ids.ts';
import type { SetupRecord } from '../../core/setup.ts';
import type { KnowledgeApi, SearchHit } from '../../knowledge/knowledge-api.ts';
import { documentStore, type DocumentRow } from '../../knowledge/knowledge-records.ts';
import type { RecordStore } from '../../ports/record-store.ts';
import type { ChangeFeed } from '../change-feed.ts';
import type { DocumentSearch } from '../document-search.ts';
import type { IndexMaintainer, MaintenanceState } from '../index-maintainer.ts';
import { shownError, type ShownError } from '../shown-error.ts';

interface Parts {
	readonly records: RecordStore;
	readonly knowledge: Pick<KnowledgeApi, 'importFile' | 'removeDocument' | 'indexState'>;
	readonly setup: { read(): Promise<SetupRecord | undefined> };
	readonly maintainer: Pick<IndexMaintainer, 'onChange' | 'run'>;
	readonly search: Pick<DocumentSearch, 'search'>;
	readonly feed: ChangeFeed;
}

interface ImportProgress {
	readonly done: number;
	readonly total: number;
	readonly name: string;
}

const resultLimit = 10;

/** The documents, how far reading and embedding them is, and the search over them. */
export class KnowledgeView {
	readonly #parts: Parts;
	#documents = $state.raw<readonly DocumentRow[]>([]);
	#importing = $state.raw<ImportProgress | null>(null);
	#embedding = $state.raw<MaintenanceState | null>(null);
	#hits = $state.raw<readonly SearchHit[] | null>(null);
	#searchNote = $state.raw<ShownError | null>(null);
	#error = $state.raw<ShownError | null>(null);
	#searching = $state(false);
	#truncated = $state(0);
	#search = new AbortController();
	#waiting: File[] = [];

	constructor(parts: Parts) {
		this.#parts = parts;
		parts.feed.on('documents', () => void this.refresh());
		parts.maintainer.onChange((state, error) => {
			this.#embedding = state;
			if (error) this.#error = shownError(error);
		});
	}

	get documents(): readonly DocumentRow[] {
		return this.#documents;
	}

	/** Null when no file is being read. */
	get importing(): ImportProgress | null {
		return this.#importing;
	}

	/** Null when every index is up to date. */
	get embedding(): MaintenanceState | null {
		return this.#embedding;
	}

	/** Null before the first search. */
	get hits(): readonly SearchHit[] | null {
		return this.#hits;
	}

	/** Why the last search used the keywords alone, or null. */
	get searchNote(): ShownError | null {
		return this.#searchNote;
	}

	get searching(): boolean {
		return this.#searching;
	}

	/** How many passages are longer than the embedding model in use reads; 0 before `countTruncated`. */
	get truncated(): number {
		return this.#truncated;
	}

	get error(): ShownError | null {
		return this.#error;
	}

	dismissError = (): void => {
		this.#error = null;
	};

	async refresh(): Promise<void> {
		try {
			const rows = await this.#parts.records.list(documentStore);
			this.#documents = rows.sort((a, b) => b.addedAt - a.addedAt || (a.name < b.name ? -1 : 1));
		} catch (error) {
			this.#error = shownError(error);
		}
	}

	/** To be asked anew when documents or vectors have changed. */
	countTruncated = async (): Promise<void> => {
		try {
			const { setup, knowledge } = this.#parts;
			const record = await setup.read();
			const state = record && (await knowledge.indexState(record.current.index));
			this.#truncated = state?.truncated ?? 0;
		} catch {
			// A note beside the documents: what is wrong with the index, the search and the maintainer say.
			this.#truncated = 0;
		}
	};

	/** Reads the files one after another, then embeds them. Files that are added meanwhile follow. */
	add = async (files: readonly File[]): Promise<void> => {
		this.#waiting.push(...files);
		if (this.#importing) {
			this.#importing = { ...this.#importing, total: this.#importing.total + files.length };
			return;
		}
		this.#importing = { done: 0, total: this.#waiting.length, name: '' };
		try {
			for (let file = this.#waiting.shift(); file; file = this.#waiting.shift()) {
				this.#importing = { ...this.#importing, name: file.name };
				await this.#parts.knowledge.importFile(file);
				this.#importing = { ...this.#importing, done: this.#importing.done + 1 };
				this.#parts.feed.announce('documents');
			}
		} catch (error) {
			this.#waiting = [];
			this.#error = shownError(error);
		}
		this.#importing = null;
		await this.refresh();
		await this.#parts.maintainer.run();
	};

	remove = async (id: DocumentId): Promise<void> => {
		try {
			await this.#parts.knowledge.removeDocument(id);
			this.#hits = this.#hits?.filter((hit) => hit.chunk.documentId !== id) ?? null;
		} catch (error) {
			this.#error = shownError(error);
		}
		this.#parts.feed.announce('documents');
	};

	/** The newest search wins; an empty text clears the results. */
	find = async (text: string): Promise<void> => {
		this.#search.abort();
		const search = new AbortController();
		this.#search = search;
		if (!text.trim()) {
			this.#hits = null;
			this.#searchNote = null;
			this.#searching = false;
			return;
		}
		this.#searching = true;
		try {
			const outcome = await this.#parts.search.search(text.trim(), resultLimit, search.signal);
			if (search.signal.aborted) return;
			this.#hits = outcome.hits;
			this.#searchNote = outcome.degraded && shownError(outcome.degraded);
		} catch (error) {
			if (!search.signal.aborted) this.#error = shownError(error);
		} finally {
			if (!search.signal.aborted) this.#searching = false;
		}
	};
}
