import { pieceReader, type PieceReader } from '../../core/piece-reader.ts';
import type { ModelFile } from '../model-files.ts';
import { unreadable } from './refusals.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/** Reads a file from its start, as many bytes at a time as are asked for. */
export class ByteCursor {
	readonly path: string;
	readonly #pieces: PieceReader;
	#piece: Bytes = new Uint8Array(0);

	constructor(path: string, file: ModelFile) {
		this.path = path;
		this.#pieces = pieceReader(file.body);
	}

	/** Fills all of `into` with the next bytes. Errors: `adapter/unreadable` where the file has fewer. */
	async fill(into: Uint8Array): Promise<void> {
		for (let filled = 0; filled < into.byteLength;) {
			if (this.#piece.byteLength === 0 && !(await this.#next()))
				throw unreadable(this.path, 'it ends too early');
			const part = this.#piece.subarray(0, into.byteLength - filled);
			into.set(part, filled);
			filled += part.byteLength;
			this.#piece = this.#piece.subarray(part.byteLength);
		}
	}

	/** Reads the end. Errors: `adapter/unreadable` where more bytes follow. */
	async expectEnd(): Promise<void> {
		if (this.#piece.byteLength > 0 || (await this.#next()))
			throw unreadable(this.path, 'it goes on behind its end');
	}

	/** Nothing more is wanted. A file that has failed has told so before. */
	async close(): Promise<void> {
		await this.#pieces.cancel().catch(() => undefined);
	}

	/** False at the end. */
	async #next(): Promise<boolean> {
		for (;;) {
			const piece = await this.#pieces.next();
			if (!piece) return false;
			this.#piece = piece;
			if (piece.byteLength > 0) return true;
		}
	}
}
