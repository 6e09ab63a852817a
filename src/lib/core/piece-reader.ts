import { ByteReader } from './byte-reader.ts';

type Bytes = Uint8Array<ArrayBuffer>;

const pieceBytes = 2 ** 20;

/** A stream read piece by piece. */
export interface PieceReader {
	/** The next bytes, good until the next call; undefined at the end. */
	next(): Promise<Bytes | undefined>;
	/** Nothing more is wanted. */
	cancel(): Promise<void>;
}

/**
 * Reads all pieces into the same memory where the stream can, 1 MiB at most: a long stream then leaves nothing behind
 * for the garbage collector, which would let hundreds of megabytes lie around.
 */
export function pieceReader(stream: ReadableStream<Bytes>): PieceReader {
	const filling = ByteReader.of(stream);
	if (!filling) {
		const reader = stream.getReader();
		return { next: async () => (await reader.read()).value, cancel: () => reader.cancel() };
	}
	let buffer = new ArrayBuffer(pieceBytes);
	return {
		next: async () => {
			const { done, value } = await filling.read(new Uint8Array(buffer));
			if (done) return undefined;
			buffer = value.buffer;
			return value;
		},
		cancel: () => filling.cancel()
	};
}
