import { concatBytes } from '../../core/bytes.ts';
import type { RangeReply } from '../../ports/range-source.ts';
import { piecesOf } from './pieces-of.ts';

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
