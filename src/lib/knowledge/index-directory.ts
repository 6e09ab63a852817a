import { AppError } from '../core/errors.ts';
import type { IndexId, Sha256 } from '../core/ids.ts';
import { SerialQueue } from '../core/serial-queue.ts';
import { write } from '../ports/store-write.ts';
import type { ChunkSet } from './chunk-set.ts';
import type { ChunkSets } from './chunk-sets.ts';
import { IndexContents } from './index-contents.ts';
import { type IndexSpec, indexIdOf } from './index-spec.ts';
import type { CollectedIndexes, IndexState } from './knowledge-api.ts';
import type { KnowledgeDeps } from './knowledge-deps.ts';
import { type IndexRow, indexStore } from './knowledge-records.ts';
import { missingIndex } from './missing-index.ts';
import { bytesOf, collectOrphans, deletionOf } from './stored-indexes.ts';
import { VectorSpace } from './vector-space.ts';
import { normaliseAll, type TextVector, VectorStore } from './vector-store.ts';
import { voyCanServe } from './voy-index.ts';

/** What is kept in memory of an index that is used. */
interface OpenIndex {
	/** The chunks that it is made of. */
	readonly set: ChunkSet;
	readonly contents: IndexContents;
	/** There once the index has been searched: an index that is only being filled takes no memory for its vectors. */
	space: Promise<VectorSpace> | null;
}

/** The indexes and their vectors. Methods that write must be called one at a time. */
export class IndexDirectory {
	readonly #deps: KnowledgeDeps;
	readonly #sets: ChunkSets;
	readonly #vectors: VectorStore;
	readonly #rows: Map<IndexId, IndexRow>;
	readonly #open = new Map<IndexId, Promise<OpenIndex>>();
	readonly #builds = new SerialQueue();

	/** `rows`: all that are stored. */
	constructor(deps: KnowledgeDeps, sets: ChunkSets, rows: readonly IndexRow[]) {
		this.#deps = deps;
		this.#sets = sets;
		this.#vectors = new VectorStore(deps.records);
		this.#rows = new Map(rows.map((row) => [row.id, row]));
		for (const { spec } of rows) sets.ensure(spec.chunker);
	}

	/** Makes the index if there is none; a retired one is in use again. Its chunks may not be there yet. */
	async create(spec: IndexSpec): Promise<IndexId> {
		const id = await indexIdOf(spec);
		const there = this.#rows.get(id);
		const createdAt = this.#deps.clock.now();
		const row = there ?? { id, spec, createdAt, deleteAfter: null, blocks: 0 };
		if (there?.deleteAfter !== null) await this.#put({ ...row, deleteAfter: null });
		this.#sets.ensure(spec.chunker);
		return id;
	}

	/** The chunks that an index is made of; undefined without such an index. */
	setOf(id: IndexId): ChunkSet | undefined {
		const row = this.#rows.get(id);
		return row && this.#sets.of(row.spec.chunker);
	}

	async state(id: IndexId): Promise<IndexState | null> {
		const row = this.#rows.get(id);
		if (!row) return null;
		const { set, contents, space } = await this.#index(id);
		const planned = voyCanServe(row.spec.embedding.dims, contents.size) ? 'voy' : 'exact';
		const search = (await space?.catch(() => null))?.kind ?? planned;
		return { id, spec: row.spec, texts: set.corpus.size, ...contents.counts(), search };
	}

	/** Which texts have a vector, and which lack one. Errors: `storage/missing` without such an index. */
	async contents(id: IndexId): Promise<IndexContents> {
		return (await this.#index(id)).contents;
	}

	async add(id: IndexId, rows: readonly TextVector[]): Promise<void> {
		const index = await this.#index(id);
		const row = this.#row(id);
		const unit = normaliseAll(rows, row.spec.embedding.dims);
		const byText = new Map(unit.map((vector) => [vector.textHash, vector]));
		const fresh = [...byText.values()].filter(({ textHash }) => !index.contents.has(textHash));
		this.#rows.set(id, await this.#vectors.append(row, fresh));
		for (const { textHash, truncated } of fresh) index.contents.add(textHash, truncated ?? false);
		if (!index.space || fresh.length === 0) return;
		(await index.space).add(fresh, (textHash) => index.set.corpus.has(textHash));
		this.#build(index);
	}

	/** Marks an index as garbage after a time, or as in use again. Errors: `storage/missing` for the latter. */
	async retire(id: IndexId, deleteAfter: number | null): Promise<void> {
		const row = deleteAfter === null ? this.#row(id) : this.#rows.get(id);
		if (!row) return;
		await this.#put({ ...row, deleteAfter });
		if (deleteAfter !== null) await close(this.#open.get(id));
	}

	/** Deletes the index, and its chunks where no other index is made of them, in one commit. */
	async drop(id: IndexId): Promise<void> {
		const set = this.#lastOf(id);
		await this.#deps.records.commit(deletionOf(id, set?.id ?? null));
		const open = this.#open.get(id);
		this.#open.delete(id);
		this.#rows.delete(id);
		if (set) this.#sets.forget(set);
		await close(open);
	}

	async collectGarbage(keep: readonly IndexId[], now: number): Promise<CollectedIndexes> {
		const { records } = this.#deps;
		const indexes: IndexId[] = [];
		let bytes = 0;
		for (const { id, deleteAfter } of [...this.#rows.values()]) {
			if (deleteAfter === null || deleteAfter > now || keep.includes(id)) continue;
			bytes += await bytesOf(records, id, this.#lastOf(id)?.id ?? null);
			await this.drop(id);
			indexes.push(id);
		}
		bytes += await collectOrphans(records, {
			index: (id) => this.#rows.has(id),
			chunks: (chunker) => this.#sets.has(chunker)
		});
		return { indexes, bytes };
	}

	/** The index, ready to be searched with a vector of that size. Errors: `index/mismatch`, `storage/corrupt`. */
	async space(id: IndexId, dims: number): Promise<VectorSpace | null> {
		const row = this.#rows.get(id);
		if (!row) return null;
		const index = await this.#index(id);
		const expected = row.spec.embedding.dims;
		if (dims !== expected) throw new AppError('index/mismatch', { details: { dims, expected } });
		index.space ??= this.#load(id, index);
		return await index.space;
	}

	/** Texts that came with a document, or went with one, in all indexes of these chunks. */
	async setLive(set: ChunkSet, textHashes: readonly Sha256[], isLive: boolean): Promise<void> {
		for (const opening of [...this.#open.values()]) {
			const index = await opening.catch(() => null);
			if (index?.set !== set || !index.space) continue;
			(await index.space).setLive(textHashes, isLive);
			this.#build(index);
		}
	}

	/** Resolves when no index is being built. */
	async idle(): Promise<void> {
		await this.#builds.add(() => Promise.resolve(), 'batch');
	}

	/** The chunks of an index that no other index needs. */
	#lastOf(id: IndexId): ChunkSet | null {
		const set = this.setOf(id);
		if (!set || set === this.#sets.default) return null;
		const isShared = [...this.#rows.keys()].some(
			(other) => other !== id && this.setOf(other) === set
		);
		return isShared ? null : set;
	}

	async #load(id: IndexId, index: OpenIndex): Promise<VectorSpace> {
		const row = this.#row(id);
		const { dims } = row.spec.embedding;
		const space = new VectorSpace(dims, this.#deps);
		try {
			for await (const { row: block, vectors } of this.#vectors.blocks(row)) {
				const rows = block.textHashes.map((textHash, at) => ({
					textHash,
					vector: vectors.subarray(at * dims, (at + 1) * dims)
				}));
				space.add(rows, (textHash) => index.set.corpus.has(textHash));
			}
		} catch (error) {
			index.space = null;
			throw error;
		}
		this.#build(index);
		return space;
	}

	/** Behind the searches: until it is done they scan. */
	#build(index: OpenIndex): void {
		void this.#builds.add(async () => {
			const space = await index.space?.catch(() => null);
			await space?.build();
		}, 'batch');
	}

	#row(id: IndexId): IndexRow {
		const row = this.#rows.get(id);
		if (row) return row;
		throw missingIndex(id);
	}

	async #index(id: IndexId): Promise<OpenIndex> {
		const row = this.#row(id);
		const there = this.#open.get(id);
		if (there) return await there;
		const opening = this.#read(row);
		this.#open.set(id, opening);
		opening.catch(() => this.#open.delete(id));
		return await opening;
	}

	async #read(row: IndexRow): Promise<OpenIndex> {
		const set = this.#sets.ensure(row.spec.chunker);
		const contents = new IndexContents(set.corpus);
		for await (const { row: block } of this.#vectors.blocks(row)) {
			const truncated = new Set(block.truncated);
			for (const [at, textHash] of block.textHashes.entries())
				contents.add(textHash, truncated.has(at));
		}
		return { set, contents, space: null };
	}

	async #put(row: IndexRow): Promise<void> {
		await this.#deps.records.commit([write.put(indexStore, row)]);
		this.#rows.set(row.id, row);
	}
}

/** Gives the memory of its vectors back. A damaged index has none. */
async function close(opening: Promise<OpenIndex> | undefined): Promise<void> {
	const index = await opening?.catch(() => null);
	if (!index) return;
	const space = await index.space?.catch(() => null);
	index.space = null;
	space?.free();
}
