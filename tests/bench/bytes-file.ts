import { createHash } from 'node:crypto';
import type { ServedBytes } from './served-bytes.ts';

const pieceBytes = 2 ** 20;

/** A file that lies in memory. */
export class BytesFile implements ServedBytes {
	readonly bytes: number;
	readonly sha256: string;
	readonly #content: Uint8Array;

	constructor(content: Uint8Array) {
		this.#content = content;
		this.bytes = content.byteLength;
		this.sha256 = createHash('sha256').update(content).digest('hex');
	}

	*read(from: number, until: number): Generator<Uint8Array> {
		for (let at = from; at < until; at += pieceBytes)
			yield this.#content.subarray(at, Math.min(at + pieceBytes, until));
	}
}
