import type { ModelFiles } from '../engines/engine-contract.ts';

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
				bytes && { bytes: bytes.byteLength, body: inPieces(bytes, pieceBytes) }
			);
		}
	};
}

function inPieces(
	bytes: Uint8Array<ArrayBuffer>,
	pieceBytes: number
): ReadableStream<Uint8Array<ArrayBuffer>> {
	let offset = 0;
	return new ReadableStream({
		pull(controller) {
			if (offset >= bytes.byteLength) {
				controller.close();
				return;
			}
			controller.enqueue(bytes.slice(offset, offset + pieceBytes));
			offset += pieceBytes;
		}
	});
}
