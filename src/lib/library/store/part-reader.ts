import { pieceReader, type PieceMemory } from '../../core/piece-reader.ts';
import type { BlobStore } from '../../ports/blob-store.ts';
import type { Part } from './part-plan.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/** Reads stored parts one after another, all into the same memory. */
export class PartReader {
	readonly #blobs: Pick<BlobStore, 'stream'>;
	readonly #pieces: PieceMemory = { buffer: new ArrayBuffer(0) };
	#buffer: Bytes = new Uint8Array(0);

	constructor(blobs: Pick<BlobStore, 'stream'>) {
		this.#blobs = blobs;
	}

	/**
	 * The part's bytes as stored, right or wrong, good until the next call; undefined when it is not there, or not of its
	 * size. Not to be called again before it has resolved.
	 */
	async read({ key, bytes }: Part): Promise<Bytes | undefined> {
		const stream = await this.#blobs.stream(key);
		if (!stream) return undefined;
		if (this.#buffer.byteLength < bytes) this.#buffer = new Uint8Array(bytes);
		const reader = pieceReader(stream, this.#pieces);
		let filled = 0;
		for (let piece = await reader.next(); piece; piece = await reader.next()) {
			if (filled + piece.byteLength > bytes) {
				await reader.cancel();
				return undefined;
			}
			this.#buffer.set(piece, filled);
			filled += piece.byteLength;
		}
		return filled === bytes ? this.#buffer.subarray(0, bytes) : undefined;
	}
}
