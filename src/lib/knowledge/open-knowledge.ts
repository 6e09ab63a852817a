import { AppError } from '../core/errors.ts';
import { write } from '../ports/store-write.ts';
import { Corpus } from './corpus.ts';
import { IndexDirectory } from './index-directory.ts';
import { KeywordIndex } from './keyword-index.ts';
import type { KnowledgeDeps } from './knowledge-deps.ts';
import { type ChunkRow, chunkStore, type DocumentRow, documentStore } from './knowledge-records.ts';
import type { DocumentId } from '../core/ids.ts';

/** Everything that is known in memory of what is stored, kept in step with it. */
export class OpenKnowledge {
	readonly corpus = new Corpus();
	readonly keywords: KeywordIndex;
	readonly indexes: IndexDirectory;

	private constructor(deps: KnowledgeDeps) {
		this.keywords = new KeywordIndex(deps.pause);
		this.indexes = new IndexDirectory(deps, this.corpus);
	}

	/** Reads what is stored. Imports that a closed tab left half done are marked as failed. */
	static async open(deps: KnowledgeDeps): Promise<OpenKnowledge> {
		const knowledge = new OpenKnowledge(deps);
		const documents = await deps.records.list(documentStore);
		const interrupted = documents.filter((document) => document.state === 'reading');
		if (interrupted.length > 0) {
			await deps.records.commit(
				interrupted.map((document) => write.put(documentStore, asInterrupted(document)))
			);
		}
		for (const document of documents.sort((a, b) => a.addedAt - b.addedAt)) {
			if (document.state !== 'ready') continue;
			await knowledge.add(document, await deps.records.list(chunkStore, { prefix: [document.id] }));
		}
		return knowledge;
	}

	/** A document that is stored now. */
	async add(document: DocumentRow, chunks: readonly ChunkRow[]): Promise<void> {
		const fresh = this.corpus.add(document, chunks);
		await this.keywords.add(document.id, chunks);
		await this.indexes.setLive(fresh, true);
	}

	/** A document that is stored no more. Nothing of it is found from the moment of the call. */
	async remove(id: DocumentId): Promise<void> {
		this.keywords.remove(id);
		await this.indexes.setLive(this.corpus.remove(id), false);
	}
}

function asInterrupted(document: DocumentRow): DocumentRow {
	const { code, message } = new AppError('document/interrupted', {
		details: { name: document.name }
	});
	return { ...document, state: 'failed', error: { code, message } };
}
