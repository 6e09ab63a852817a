import { ByteReader } from './byte-reader.ts';
import type { AppError } from './errors.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/** What readers get that bring no buffer of their own. */
const chunkBytes = 65_536;

/**
 * The same bytes, with errors as `translate` has them. Reads nothing ahead of its reader. Can be read into a buffer of
 * the reader's if `stream` can.
 */
export function guardStream(
	stream: ReadableStream<Bytes>,
	translate: (error: unknown) => AppError
): ReadableStream<Bytes> {
	const filling = ByteReader.of(stream);
	return filling ? guardBytes(filling, translate) : guardChunks(stream.getReader(), translate);
}

function guardBytes(
	reader: ByteReader,
	translate: (error: unknown) => AppError
): ReadableStream<Bytes> {
	return new ReadableStream({
		type: 'bytes',
		autoAllocateChunkSize: chunkBytes,
		async pull(controller) {
			const request = controller.byobRequest;
			const view = request?.view;
			if (!view) return;
			try {
				const { done, value } = await reader.read(
					new Uint8Array(view.buffer, view.byteOffset, view.byteLength)
				);
				if (done) controller.close();
				// At the end too: the reader gets its buffer back.
				if (value) request.respondWithNewView(value);
			} catch (error) {
				controller.error(translate(error));
			}
		},
		cancel: (reason) => reader.cancel(reason)
	});
}

function guardChunks(
	reader: ReadableStreamDefaultReader<Bytes>,
	translate: (error: unknown) => AppError
): ReadableStream<Bytes> {
	return new ReadableStream<Bytes>(
		{
			async pull(controller) {
				try {
					const { done, value } = await reader.read();
					if (done) controller.close();
					else controller.enqueue(value);
				} catch (error) {
					controller.error(translate(error));
				}
			},
			cancel: (reason) => reader.cancel(reason)
		},
		{ highWaterMark: 0 }
	);
}
