/** A stream of those bytes, `size` at a time. */
export function bytesInPieces(
	bytes: Uint8Array<ArrayBuffer>,
	size: number
): ReadableStream<Uint8Array<ArrayBuffer>> {
	let offset = 0;
	return new ReadableStream({
		pull(controller) {
			if (offset >= bytes.byteLength) {
				controller.close();
				return;
			}
			controller.enqueue(bytes.slice(offset, offset + size));
			offset += size;
		}
	});
}
