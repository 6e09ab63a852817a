import { AppError } from '../core/errors.ts';
import type { IndexId, Sha256 } from '../core/ids.ts';
import { SerialQueue } from '../core/serial-queue.ts';
import { write } from '../ports/store-write.ts';
import type { Corpus } from './corpus.ts';
import { type IndexSpec, indexIdOf } from './index-spec.ts';
import type { IndexState } from './knowledge-api.ts';
import type { KnowledgeDeps } from './knowledge-deps.ts';
import { type IndexRow, indexStore } from './knowledge-records.ts';
import { missingIndex } from './missing-index.ts';
import { VectorSpace } from './vector-space.ts';
import { normaliseAll, type TextVector, VectorStore } from './vector-store.ts';
import { voyCanServe } from './voy-index.ts';

/** What is kept in memory of an index that is used. */
interface OpenIndex {
	row: IndexRow;
	/** Texts that have a vector. */
	readonly known: Set<Sha256>;
	/** Those of them that the model did not read to their end. */
	readonly truncated: Set<Sha256>;
	/** There once the index has been searched: an index that is only being filled takes no memory for its vectors. */
	space: Promise<VectorSpace> | null;
}

/** The indexes and their vectors. Methods that write must be called one at a time. */
export class IndexDirectory {
	readonly #deps: KnowledgeDeps;
	readonly #corpus: Corpus;
	readonly #vectors: VectorStore;
	readonly #open = new Map<IndexId, Promise<OpenIndex | null>>();
	readonly #builds = new SerialQueue();

	constructor(deps: KnowledgeDeps, corpus: Corpus) {
		this.#deps = deps;
		this.#corpus = corpus;
		this.#vectors = new VectorStore(deps.records);
	}

	/** Makes the index if there is none; a retired one is in use again. */
	async create(spec: IndexSpec): Promise<IndexState> {
		const id = await indexIdOf(spec);
		const there = await this.#index(id);
		if (!there) {
			const createdAt = this.#deps.clock.now();
			const row: IndexRow = { id, spec, createdAt, deleteAfter: null, blocks: 0 };
			await this.#deps.records.commit([write.put(indexStore, row)]);
			this.#open.set(
				id,
				Promise.resolve({ row, known: new Set(), truncated: new Set(), space: null })
			);
		} else if (there.row.deleteAfter !== null) await this.retire(id, null);
		return await this.#stateOf(await this.#existing(id));
	}

	async state(id: IndexId): Promise<IndexState | null> {
		const index = await this.#index(id);
		return index && (await this.#stateOf(index));
	}

	/** True when the text has a vector in that index. Errors: `storage/missing` without such an index. */
	async knows(id: IndexId): Promise<(textHash: Sha256) => boolean> {
		const { known } = await this.#existing(id);
		return (textHash) => known.has(textHash);
	}

	async add(id: IndexId, rows: readonly TextVector[]): Promise<void> {
		const index = await this.#existing(id);
		const unit = normaliseAll(rows, index.row.spec.embedding.dims);
		const byText = new Map(unit.map((row) => [row.textHash, row]));
		const fresh = [...byText.values()].filter(({ textHash }) => !index.known.has(textHash));
		index.row = await this.#vectors.append(index.row, fresh);
		for (const { textHash, truncated } of fresh) {
			index.known.add(textHash);
			if (truncated) index.truncated.add(textHash);
		}
		if (!index.space || fresh.length === 0) return;
		(await index.space).add(fresh, (textHash) => this.#corpus.has(textHash));
		this.#build(index);
	}

	/** Marks an index as garbage after a time, or as in use again. Errors: `storage/missing` for the latter. */
	async retire(id: IndexId, deleteAfter: number | null): Promise<void> {
		const index = deleteAfter === null ? await this.#existing(id) : await this.#index(id);
		if (!index) return;
		const row = { ...index.row, deleteAfter };
		await this.#deps.records.commit([write.put(indexStore, row)]);
		index.row = row;
		if (deleteAfter !== null) await close(index);
	}

	async drop(id: IndexId): Promise<void> {
		// A damaged index can be dropped too.
		const index = await this.#index(id).catch(() => null);
		await this.#deps.records.commit(this.#vectors.deletion(id));
		this.#open.delete(id);
		if (index) await close(index);
	}

	async collectGarbage(keep: readonly IndexId[], now: number): Promise<IndexId[]> {
		const dropped: IndexId[] = [];
		for (const { id, deleteAfter } of await this.#deps.records.list(indexStore)) {
			if (deleteAfter === null || deleteAfter > now || keep.includes(id)) continue;
			await this.drop(id);
			dropped.push(id);
		}
		return dropped;
	}

	/** The index, ready to be searched with a vector of that size. Errors: `index/mismatch`, `storage/corrupt`. */
	async space(id: IndexId, dims: number): Promise<VectorSpace | null> {
		const index = await this.#index(id);
		if (!index) return null;
		const expected = index.row.spec.embedding.dims;
		if (dims !== expected) throw new AppError('index/mismatch', { details: { dims, expected } });
		index.space ??= this.#load(index);
		return await index.space;
	}

	/** Texts that came with a document, or went with one, in all indexes at once. */
	async setLive(textHashes: readonly Sha256[], isLive: boolean): Promise<void> {
		for (const opening of [...this.#open.values()]) {
			const index = await opening;
			if (!index?.space) continue;
			(await index.space).setLive(textHashes, isLive);
			this.#build(index);
		}
	}

	/** Resolves when no index is being built. */
	async idle(): Promise<void> {
		await this.#builds.add(() => Promise.resolve(), 'batch');
	}

	async #stateOf(index: OpenIndex): Promise<IndexState> {
		let embedded = 0;
		for (const { textHash } of this.#corpus.texts()) if (index.known.has(textHash)) embedded++;
		const truncated = [...index.truncated].filter((textHash) => this.#corpus.has(textHash)).length;
		const { dims } = index.row.spec.embedding;
		const planned = voyCanServe(dims, index.known.size) ? 'voy' : 'exact';
		const space = await index.space?.catch(() => null);
		const search = space?.kind ?? planned;
		return { id: index.row.id, texts: this.#corpus.size, embedded, truncated, search };
	}

	async #load(index: OpenIndex): Promise<VectorSpace> {
		const { dims } = index.row.spec.embedding;
		const space = new VectorSpace(dims, this.#deps);
		try {
			for await (const { row, vectors } of this.#vectors.blocks(index.row)) {
				const rows = row.textHashes.map((textHash, at) => ({
					textHash,
					vector: vectors.subarray(at * dims, (at + 1) * dims)
				}));
				space.add(rows, (textHash) => this.#corpus.has(textHash));
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

	#index(id: IndexId): Promise<OpenIndex | null> {
		const there = this.#open.get(id);
		if (there) return there;
		const opening = this.#read(id);
		this.#open.set(id, opening);
		opening.then(
			(index) => {
				if (!index && this.#open.get(id) === opening) this.#open.delete(id);
			},
			() => this.#open.delete(id)
		);
		return opening;
	}

	async #read(id: IndexId): Promise<OpenIndex | null> {
		const row = await this.#deps.records.get(indexStore, id);
		if (!row) return null;
		const known = new Set<Sha256>();
		const truncated = new Set<Sha256>();
		for await (const { row: block } of this.#vectors.blocks(row)) {
			for (const textHash of block.textHashes) known.add(textHash);
			for (const at of block.truncated ?? []) {
				const textHash = block.textHashes[at];
				if (textHash) truncated.add(textHash);
			}
		}
		return { row, known, truncated, space: null };
	}

	async #existing(id: IndexId): Promise<OpenIndex> {
		const index = await this.#index(id);
		if (index) return index;
		throw missingIndex(id);
	}
}

async function close(index: OpenIndex): Promise<void> {
	const space = await index.space?.catch(() => null);
	index.space = null;
	space?.free();
}
