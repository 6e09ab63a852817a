import type { DocumentId, Sha256 } from '../core/ids.ts';
import { type ChunkerId, chunkerIdOf } from './chunker-id.ts';
import { ChunkShelf } from './chunk-shelf.ts';
import { Corpus } from './corpus.ts';
import type { ChunkerSpec } from './index-spec.ts';
import { KeywordIndex } from './keyword-index.ts';
import type { KnowledgeDeps } from './knowledge-deps.ts';
import type { ChunkRow, DocumentRow } from './knowledge-records.ts';

/** All documents, cut up in one way: on disk, and in memory as far as a search needs it. */
export class ChunkSet {
	readonly id: ChunkerId;
	readonly chunker: ChunkerSpec;
	readonly shelf: ChunkShelf;
	readonly corpus = new Corpus();
	readonly keywords: KeywordIndex;

	constructor(deps: Pick<KnowledgeDeps, 'records' | 'pause'>, chunker: ChunkerSpec) {
		this.id = chunkerIdOf(chunker);
		this.chunker = chunker;
		this.shelf = new ChunkShelf(deps.records, this.id);
		this.keywords = new KeywordIndex(deps.pause);
	}

	/** Takes in a document whose chunks are stored. Returns the texts that were not here before. */
	async add(document: DocumentRow, chunks: readonly ChunkRow[]): Promise<Sha256[]> {
		const fresh = this.corpus.add(document, chunks);
		await this.keywords.add(document.id, chunks);
		return fresh;
	}

	/** Nothing of that document is found any more. Returns the texts that no chunk has now. */
	remove(id: DocumentId): Sha256[] {
		this.keywords.remove(id);
		return this.corpus.remove(id);
	}
}
