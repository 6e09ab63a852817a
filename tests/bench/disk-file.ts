import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync, statSync } from 'node:fs';
import type { ServedBytes } from './served-bytes.ts';

const pieceBytes = 2 ** 20;

/** A file of this machine, of any size. */
export class DiskFile implements ServedBytes {
	readonly bytes: number;
	readonly #path: string;
	#sha256: string | undefined;

	constructor(path: string) {
		this.#path = path;
		this.bytes = statSync(path).size;
	}

	/** Takes its time when it is first asked. */
	get sha256(): string {
		if (this.#sha256 === undefined) {
			const hash = createHash('sha256');
			for (const piece of this.read(0, this.bytes)) hash.update(piece);
			this.#sha256 = hash.digest('hex');
		}
		return this.#sha256;
	}

	*read(from: number, until: number): Generator<Uint8Array> {
		const file = openSync(this.#path, 'r');
		try {
			for (let at = from; at < until;) {
				const piece = new Uint8Array(Math.min(pieceBytes, until - at));
				const read = readSync(file, piece, 0, piece.byteLength, at);
				if (read === 0) throw new Error(`${this.#path} has become shorter.`);
				yield piece.subarray(0, read);
				at += read;
			}
		} finally {
			closeSync(file);
		}
	}
}
