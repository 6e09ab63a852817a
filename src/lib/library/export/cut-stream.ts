/** The bytes of a stream in pieces of exactly so many bytes; the last one may be shorter. Each is a new array. */
export async function* cutStream(
	body: ReadableStream<Uint8Array<ArrayBuffer>>,
	bytes: number
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
	const reader = body.getReader();
	let piece = new Uint8Array(bytes);
	let filled = 0;
	try {
		for (;;) {
			const { done, value } = await reader.read();
			if (done) break;
			for (let at = 0; at < value.byteLength;) {
				const taken = value.subarray(at, at + bytes - filled);
				piece.set(taken, filled);
				filled += taken.byteLength;
				at += taken.byteLength;
				if (filled < bytes) continue;
				yield piece;
				piece = new Uint8Array(bytes);
				filled = 0;
			}
		}
		if (filled > 0) yield piece.slice(0, filled);
	} finally {
		await reader.cancel().catch(() => undefined);
	}
}
