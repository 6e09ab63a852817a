import { concatBytes } from '../../core/bytes.ts';
import type { RangeReply } from '../../ports/range-source.ts';

/** The bytes of a reply, or null when there are more than `limit`: then the rest is not read. */
export async function readWhole(
	{ body }: Pick<RangeReply, 'body'>,
	limit: number
): Promise<Uint8Array<ArrayBuffer> | null> {
	const pieces: Uint8Array[] = [];
	let bytes = 0;
	for await (const piece of piecesOf(body)) {
		bytes += piece.byteLength;
		if (bytes > limit) return null;
		pieces.push(piece);
	}
	return concatBytes(pieces);
}

/** Streams cannot be iterated in all browsers. Leaving the loop early cancels the stream. */
async function* piecesOf(body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
	const reader = body.getReader();
	let ended = false;
	try {
		for (;;) {
			const { done, value } = await reader.read();
			ended = done;
			if (done) return;
			yield value;
		}
	} finally {
		if (!ended) await reader.cancel().catch(() => undefined);
	}
}
