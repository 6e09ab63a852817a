type Bytes = Uint8Array<ArrayBuffer>;

/** Readers in the middle of a read. */
const reading = new Set<ByteReader>();

/** Reads a stream into buffers of one's own. */
export class ByteReader {
	readonly #reader: ReadableStreamBYOBReader;

	private constructor(reader: ReadableStreamBYOBReader) {
		this.#reader = reader;
	}

	/** Undefined where the stream hands out buffers of its own only. */
	static of(stream: ReadableStream<Bytes>): ByteReader | undefined {
		try {
			return new ByteReader(stream.getReader({ mode: 'byob' }));
		} catch (error) {
			if (error instanceof TypeError && !stream.locked) return undefined;
			throw error;
		}
	}

	/** Takes the buffer of `into` and gives it back, filled from the start of `into`. */
	async read(into: Bytes): Promise<ReadableStreamReadResult<Bytes>> {
		// Chromium collects a stream that nobody holds even while it is being read like this: the read would never end.
		reading.add(this);
		try {
			return await this.#reader.read(into);
		} finally {
			reading.delete(this);
		}
	}

	/** Nothing more is wanted. */
	cancel(reason?: unknown): Promise<void> {
		return this.#reader.cancel(reason);
	}
}
