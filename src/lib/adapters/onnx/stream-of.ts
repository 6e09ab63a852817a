type Bytes = Uint8Array<ArrayBuffer>;

/** A stream of what the generator yields, made as it is read. */
export function streamOf(pieces: AsyncGenerator<Bytes> | Generator<Bytes>): ReadableStream<Bytes> {
	return new ReadableStream(
		{
			async pull(controller) {
				const next = await pieces.next();
				if (next.done) controller.close();
				else controller.enqueue(next.value);
			},
			async cancel() {
				await pieces.return(undefined);
			}
		},
		{ highWaterMark: 0 }
	);
}
