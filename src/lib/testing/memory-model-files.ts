import type { ModelFiles } from '../engines/engine-contract.ts';
import { bytesInPieces } from './bytes-in-pieces.ts';

/** A model's files in memory, handed out in pieces as a store would. */
export function memoryModelFiles(
	files: ReadonlyMap<string, Uint8Array<ArrayBuffer>>,
	pieceBytes = 100_000
): ModelFiles {
	return {
		paths: [...files.keys()],
		open: (path) => {
			const bytes = files.get(path);
			return Promise.resolve(
				bytes && { bytes: bytes.byteLength, body: bytesInPieces(bytes, pieceBytes) }
			);
		}
	};
}
