import { AppError } from '../core/errors.ts';
import type { DocumentId, IndexId } from '../core/ids.ts';
import { write } from '../ports/store-write.ts';
import type { ChunkSet } from './chunk-set.ts';
import { ChunkSets, type DocumentCuts } from './chunk-sets.ts';
import { cutDocument } from './cut-document.ts';
import { IndexDirectory } from './index-directory.ts';
import type { KnowledgeDeps } from './knowledge-deps.ts';
import {
	type ChunkRow,
	type DocumentRow,
	documentStore,
	documentTextStore,
	type IndexRow,
	indexStore
} from './knowledge-records.ts';
import { readText } from './read-text.ts';

/** Everything that is known in memory of what is stored, kept in step with it. */
export class OpenKnowledge {
	readonly sets: ChunkSets;
	readonly indexes: IndexDirectory;
	readonly #deps: KnowledgeDeps;

	private constructor(deps: KnowledgeDeps, indexes: readonly IndexRow[]) {
		this.#deps = deps;
		this.sets = new ChunkSets(deps);
		this.indexes = new IndexDirectory(deps, this.sets, indexes);
	}

	/** Reads what is stored. Imports that a closed tab left half done are marked as failed. */
	static async open(deps: KnowledgeDeps): Promise<OpenKnowledge> {
		const knowledge = new OpenKnowledge(deps, await deps.records.list(indexStore));
		const documents = await deps.records.list(documentStore);
		const interrupted = documents.filter((document) => document.state === 'reading');
		if (interrupted.length > 0) {
			await deps.records.commit(
				interrupted.map((document) => write.put(documentStore, asInterrupted(document)))
			);
		}
		for (const document of documents.sort((a, b) => a.addedAt - b.addedAt)) {
			if (document.state === 'ready') await knowledge.#load(document);
		}
		return knowledge;
	}

	/** A document that is stored now. */
	async add(document: DocumentRow, cuts: DocumentCuts): Promise<void> {
		for (const [set, chunks] of cuts) await this.#addTo(set, document, chunks);
	}

	/** Deletes a document with its text and its chunks. Nothing of it is found from then on. */
	async remove(id: DocumentId): Promise<void> {
		await this.#deps.records.commit([
			write.delete(documentStore, id),
			write.delete(documentTextStore, id),
			...this.sets.all.map(({ shelf }) => shelf.deleting(id))
		]);
		const gone = this.sets.all.map((set) => ({ set, texts: set.remove(id) }));
		for (const { set, texts } of gone) await this.indexes.setLive(set, texts, false);
	}

	/**
	 * Cuts one document that the chunks of that index lack, in one commit. False when there is none left, or the index is
	 * gone. Errors: `storage/corrupt` for a document without its text.
	 */
	async cutNext(id: IndexId): Promise<boolean> {
		const set = this.indexes.setOf(id);
		const next = this.sets.default.corpus.entries.find(
			({ document }) => set && !set.corpus.document(document.id)
		);
		if (!set || !next) return false;
		const { document } = next;
		const sections = await readText(this.#deps.records, document);
		const chunks = await cutDocument(document.id, sections, set.chunker);
		await this.#deps.records.commit(set.shelf.storing(chunks));
		await this.#addTo(set, document, chunks);
		return true;
	}

	async #load(document: DocumentRow): Promise<void> {
		for (const set of this.sets.all) {
			const chunks = await set.shelf.of(document.id);
			// Without any, the set was cut short before it came to this document.
			if (chunks.length > 0 || set === this.sets.default) await set.add(document, chunks);
		}
	}

	async #addTo(set: ChunkSet, document: DocumentRow, chunks: readonly ChunkRow[]): Promise<void> {
		await this.indexes.setLive(set, await set.add(document, chunks), true);
	}
}

function asInterrupted(document: DocumentRow): DocumentRow {
	const { code, message } = new AppError('document/interrupted', {
		details: { name: document.name }
	});
	return { ...document, state: 'failed', error: { code, message } };
}
