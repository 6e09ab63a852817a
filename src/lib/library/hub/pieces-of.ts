/**
 * The pieces of a stream, one by one: streams cannot be iterated in all browsers. Leaving the loop early cancels it, and so
 * does `wait`, which every read goes through, when it rejects.
 */
export async function* piecesOf<Piece extends Uint8Array>(
	body: ReadableStream<Piece>,
	wait: <T>(read: Promise<T>) => Promise<T> = (read) => read
): AsyncGenerator<Piece> {
	const reader = body.getReader();
	let ended = false;
	try {
		for (;;) {
			const { done, value } = await wait(reader.read());
			ended = done;
			if (done) return;
			yield value;
		}
	} finally {
		if (!ended) await reader.cancel().catch(() => undefined);
	}
}
