import { concatBytes } from '../../core/bytes.ts';
import type { BlobStore } from '../../ports/blob-store.ts';

/** A part's bytes as stored, right or wrong; undefined when it is not there. */
export async function readPart(
	blobs: BlobStore,
	key: string
): Promise<Uint8Array<ArrayBuffer> | undefined> {
	const stream = await blobs.stream(key);
	if (!stream) return undefined;
	const pieces: Uint8Array[] = [];
	const reader = stream.getReader();
	for (;;) {
		const { done, value } = await reader.read();
		if (done) return concatBytes(pieces);
		pieces.push(value);
	}
}
