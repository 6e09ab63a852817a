import { createHash, randomBytes } from 'node:crypto';
import type { ServedBytes } from './served-bytes.ts';

const chunkBytes = 2 ** 20;

/** A file of any size that is made while it is read: the same bytes each time, and no disk is needed. */
export class MadeUpFile implements ServedBytes {
	readonly bytes: number;
	readonly #pattern = randomBytes(chunkBytes);
	#sha256: string | undefined;

	constructor(bytes: number) {
		this.bytes = bytes;
	}

	/** SHA-256 of the whole file in hex. Takes its time when it is first asked. */
	get sha256(): string {
		if (this.#sha256 === undefined) {
			const hash = createHash('sha256');
			for (const chunk of this.read(0, this.bytes)) hash.update(chunk);
			this.#sha256 = hash.digest('hex');
		}
		return this.#sha256;
	}

	/** The bytes from `from` up to and without `until`, in pieces of at most 1 MiB. */
	*read(from: number, until: number): Generator<Buffer> {
		for (let at = from; at < until;) {
			const start = at % chunkBytes;
			const end = Math.min(chunkBytes, start + until - at);
			yield this.#chunk(Math.floor(at / chunkBytes)).subarray(start, end);
			at += end - start;
		}
	}

	/** Random bytes, marked by the chunk's number in each 64 KiB: no two chunks, and so no two parts, are equal. */
	#chunk(index: number): Buffer {
		const chunk = Buffer.from(this.#pattern);
		for (let at = 0; at < chunkBytes; at += 65_536) chunk.writeUInt32LE(index, at);
		return chunk;
	}
}
