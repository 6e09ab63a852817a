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

/** Small blocks at the end of an index: with one more they become one. */
const mostOpen = 8;

/** The blocks of an index that are not full: the last ones. */
interface Tail {
	readonly indexId: IndexId;
	/** Of all blocks of the index, these included. */
	readonly blocks: number;
	readonly rows: readonly VectorBlockRow[];
}

/**
 * The vectors of indexes on disk, in blocks that are all full but the last few. Vectors come in batches; each is a block
 * of its own until there are enough for a full one, or there are eight: what is there is not written again each time.
 */
export class VectorStore {
	readonly #records: RecordStore;
	/** Of the index that was written last: one that is being filled does not read it again for each batch. */
	#tail: Tail | null = null;

	constructor(records: RecordStore) {
		this.#records = records;
	}

	/**
	 * Adds vectors behind those that are there, all or none, and returns the index as it is now. The caller sees to it
	 * that no text comes twice. Errors: `storage/quota`, `storage/corrupt`.
	 */
	async append(index: IndexRow, rows: readonly TextVector[]): Promise<IndexRow> {
		if (rows.length === 0) return index;
		const tail = await this.#tailOf(index);
		const waiting = tail.reduce((sum, { textHashes }) => sum + textHashes.length, 0);
		const joins = waiting + rows.length >= blockRows || tail.length >= mostOpen;
		const kept = index.blocks - tail.length;
		const added = joins
			? fullBlocks(index.id, kept, [...tail.flatMap(vectorsOf), ...rows])
			: [blockOf(index.id, index.blocks, rows)];
		const grown: IndexRow = { ...index, blocks: (joins ? kept : index.blocks) + added.length };
		const obsolete = tail.filter(({ block }) => block >= grown.blocks);
		this.#tail = null;
		await this.#records.commit([
			...added.map((row) => write.put(vectorBlockStore, row)),
			...obsolete.map((row) => write.delete(vectorBlockStore, vectorBlockStore.keyOf(row))),
			write.put(indexStore, grown)
		]);
		const open = (joins ? added : [...tail, ...added]).filter(isOpen);
		this.#tail = { indexId: index.id, blocks: grown.blocks, rows: open };
		return grown;
	}

	/** All blocks in order, one after the other. Errors: `storage/corrupt`. */
	async *blocks(index: IndexRow): AsyncGenerator<{ row: VectorBlockRow; vectors: Float32Array }> {
		for (let number = 0; number < index.blocks; number++) {
			const row = await this.#block(index, number);
			yield { row, vectors: new Float32Array(row.vectors) };
		}
	}

	async #tailOf(index: IndexRow): Promise<readonly VectorBlockRow[]> {
		const known = this.#tail;
		if (known?.indexId === index.id && known.blocks === index.blocks) return known.rows;
		const rows: VectorBlockRow[] = [];
		for (let number = index.blocks - 1; number >= 0; number--) {
			const row = await this.#block(index, number);
			if (!isOpen(row)) break;
			rows.unshift(row);
		}
		return rows;
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

function isOpen({ textHashes }: VectorBlockRow): boolean {
	return textHashes.length < blockRows;
}

/** As many full blocks as there are vectors for, then one with the rest. */
function fullBlocks(
	id: IndexId,
	first: number,
	rows: readonly TextVector[]
): readonly VectorBlockRow[] {
	const blocks: VectorBlockRow[] = [];
	for (let start = 0; start < rows.length; start += blockRows)
		blocks.push(blockOf(id, first + blocks.length, rows.slice(start, start + blockRows)));
	return blocks;
}

function blockOf(indexId: IndexId, block: number, rows: readonly TextVector[]): VectorBlockRow {
	const dims = rows[0]?.vector.length ?? 0;
	const vectors = new Float32Array(rows.length * dims);
	for (const [at, { vector }] of rows.entries()) vectors.set(vector, at * dims);
	const textHashes = rows.map((row) => row.textHash);
	const truncated = rows.flatMap((row, at) => (row.truncated ? [at] : []));
	return {
		...{ indexId, block, textHashes, vectors: vectors.buffer },
		...(truncated.length > 0 && { truncated })
	};
}

function vectorsOf({ textHashes, vectors, truncated = [] }: VectorBlockRow): TextVector[] {
	const values = new Float32Array(vectors);
	const dims = values.length / textHashes.length;
	return textHashes.map((textHash, at) => ({
		textHash,
		vector: values.subarray(at * dims, (at + 1) * dims),
		truncated: truncated.includes(at)
	}));
}
