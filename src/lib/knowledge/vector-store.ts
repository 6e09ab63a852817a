import { AppError } from '../core/errors.ts';
import type { IndexId, Sha256 } from '../core/ids.ts';
import type { RecordStore } from '../ports/record-store.ts';
import { write } from '../ports/store-write.ts';
import {
	type IndexRow,
	indexStore,
	type VectorBlockRow,
	vectorBlockStore
} from './knowledge-records.ts';
import { unitVector } from './vector-math.ts';
import { blockRows } from './vector-matrix.ts';

export interface TextVector {
	readonly textHash: Sha256;
	readonly vector: Float32Array;
	/** True when the text is longer than the model reads, and the vector that of its beginning. */
	readonly truncated?: boolean;
}

/** The vectors of indexes on disk, in blocks that are all full but the last. */
export class VectorStore {
	readonly #records: RecordStore;
	/** The block that was written last: an index that is being filled does not read it again for each batch. */
	#tail: VectorBlockRow | null = null;

	constructor(records: RecordStore) {
		this.#records = records;
	}

	/**
	 * Adds vectors behind those that are there, all or none, and returns the index as it is now. The caller sees to it
	 * that no text comes twice. Errors: `storage/quota`, `storage/corrupt`.
	 */
	async append(index: IndexRow, rows: readonly TextVector[]): Promise<IndexRow> {
		if (rows.length === 0) return index;
		const last = await this.#lastOf(index);
		const tail = last && last.textHashes.length < blockRows ? last : null;
		let block = tail ? tail.block : index.blocks;
		let rest = rows;
		const blocks: VectorBlockRow[] = [];
		for (let old: VectorBlockRow | null = tail; rest.length > 0; old = null) {
			const room = blockRows - (old?.textHashes.length ?? 0);
			blocks.push(joinBlock(index.id, block++, old, rest.slice(0, room)));
			rest = rest.slice(room);
		}
		const grown: IndexRow = { ...index, blocks: block };
		const writes = blocks.map((row) => write.put(vectorBlockStore, row));
		this.#tail = null;
		await this.#records.commit([...writes, write.put(indexStore, grown)]);
		this.#tail = blocks.at(-1) ?? null;
		return grown;
	}

	/** All blocks in order, one after the other. Errors: `storage/corrupt`. */
	async *blocks(index: IndexRow): AsyncGenerator<{ row: VectorBlockRow; vectors: Float32Array }> {
		for (let number = 0; number < index.blocks; number++) {
			const row = await this.#block(index, number);
			yield { row, vectors: new Float32Array(row.vectors) };
		}
	}

	async #lastOf(index: IndexRow): Promise<VectorBlockRow | null> {
		if (index.blocks === 0) return null;
		const last = index.blocks - 1;
		const known = this.#tail?.indexId === index.id && this.#tail.block === last;
		return known ? this.#tail : await this.#block(index, last);
	}

	async #block(index: IndexRow, number: number): Promise<VectorBlockRow> {
		const row = await this.#records.get(vectorBlockStore, [index.id, number]);
		const bytes = (row?.textHashes.length ?? 0) * index.spec.embedding.dims * 4;
		if (row?.vectors.byteLength === bytes && bytes > 0) return row;
		const what = `block ${number} of the search index`;
		throw new AppError('storage/corrupt', { details: { what, index: index.id } });
	}
}

/**
 * The vectors at length 1. Errors: `engine/bad-output` for a wrong size, a value that is not finite, or no length.
 */
export function normaliseAll(rows: readonly TextVector[], dims: number): TextVector[] {
	return rows.map((row) => {
		const { vector } = row;
		if (vector.length !== dims) {
			const reason = `a vector of ${vector.length} values instead of ${dims}`;
			throw new AppError('engine/bad-output', { details: { reason } });
		}
		const unit = unitVector(vector);
		if (unit) return { ...row, vector: unit };
		const reason = 'a vector without length, or with values that are no numbers';
		throw new AppError('engine/bad-output', { details: { reason } });
	});
}

function joinBlock(
	indexId: IndexId,
	block: number,
	old: VectorBlockRow | null,
	rows: readonly TextVector[]
): VectorBlockRow {
	const before = old ? new Float32Array(old.vectors) : new Float32Array();
	const dims = rows[0]?.vector.length ?? 0;
	const vectors = new Float32Array(before.length + rows.length * dims);
	vectors.set(before);
	for (const [row, { vector }] of rows.entries()) vectors.set(vector, before.length + row * dims);
	const there = old?.textHashes ?? [];
	const textHashes = [...there, ...rows.map((row) => row.textHash)];
	const truncated = [
		...(old?.truncated ?? []),
		...rows.flatMap((row, at) => (row.truncated ? [there.length + at] : []))
	];
	return {
		...{ indexId, block, textHashes, vectors: vectors.buffer },
		...(truncated.length > 0 && { truncated })
	};
}
