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

/** What pieces are read into, for one stream after another. */
export interface PieceMemory {
	buffer: ArrayBuffer;
}

/**
 * Reads all pieces into the same memory where the stream can, 1 MiB at most: a long stream then leaves nothing behind
 * for the garbage collector, which would let hundreds of megabytes lie around.
 */
export function pieceReader(
	stream: ReadableStream<Bytes>,
	memory: PieceMemory = { buffer: new ArrayBuffer(0) }
): PieceReader {
	const filling = ByteReader.of(stream);
	if (!filling) {
		const reader = stream.getReader();
		return { next: async () => (await reader.read()).value, cancel: () => reader.cancel() };
	}
	return {
		next: async () => {
			// It is new, or a read that failed has not given it back.
			if (memory.buffer.byteLength === 0) memory.buffer = new ArrayBuffer(pieceBytes);
			const { done, value } = await filling.read(new Uint8Array(memory.buffer));
			if (value) memory.buffer = value.buffer;
			return done ? undefined : value;
		},
		cancel: () => filling.cancel()
	};
}
