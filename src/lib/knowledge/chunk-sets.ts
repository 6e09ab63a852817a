import type { DocumentId } from '../core/ids.ts';
import { type ChunkerId, chunkerIdOf } from './chunker-id.ts';
import { ChunkSet } from './chunk-set.ts';
import { cutDocument } from './cut-document.ts';
import { type ChunkerSpec, defaultChunker } from './index-spec.ts';
import type { KnowledgeDeps } from './knowledge-deps.ts';
import type { ChunkRow, Section } from './knowledge-records.ts';

/** The chunks of one document in each of the sets. */
export type DocumentCuts = ReadonlyMap<ChunkSet, readonly ChunkRow[]>;

/** The default chunks, and those of every other chunker that an index is made of. */
export class ChunkSets {
	readonly default: ChunkSet;
	readonly #deps: KnowledgeDeps;
	readonly #sets = new Map<ChunkerId, ChunkSet>();

	constructor(deps: KnowledgeDeps) {
		this.#deps = deps;
		this.default = this.ensure(defaultChunker);
	}

	/** The default set first. */
	get all(): readonly ChunkSet[] {
		return [...this.#sets.values()];
	}

	has(id: ChunkerId): boolean {
		return this.#sets.has(id);
	}

	of(chunker: ChunkerSpec): ChunkSet | undefined {
		return this.#sets.get(chunkerIdOf(chunker));
	}

	/** The set of that chunker; an empty one if there was none. */
	ensure(chunker: ChunkerSpec): ChunkSet {
		const there = this.of(chunker);
		if (there) return there;
		const set = new ChunkSet(this.#deps, chunker);
		this.#sets.set(set.id, set);
		return set;
	}

	/** Drops a set from memory. The default set stays. */
	forget(set: ChunkSet): void {
		if (set !== this.default) this.#sets.delete(set.id);
	}

	/** Cuts a document for every set. Of sets that are in `done` its chunks there are taken. */
	async cut(
		documentId: DocumentId,
		sections: readonly Section[],
		done: DocumentCuts = new Map()
	): Promise<DocumentCuts> {
		const cuts = new Map<ChunkSet, readonly ChunkRow[]>();
		for (const set of this.all)
			cuts.set(set, done.get(set) ?? (await cutDocument(documentId, sections, set.chunker)));
		return cuts;
	}
}
