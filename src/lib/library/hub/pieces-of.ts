/** The pieces of a stream, one by one: streams cannot be iterated in all browsers. Leaving the loop early cancels it. */
export async function* piecesOf<Piece extends Uint8Array>(
	body: ReadableStream<Piece>
): AsyncGenerator<Piece> {
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
