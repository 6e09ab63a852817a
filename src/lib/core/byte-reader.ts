type Bytes = Uint8Array<ArrayBuffer>;

/** A reader that fills the buffer it is given, or undefined where the stream hands out its own. */
export function byteReader(stream: ReadableStream<Bytes>): ReadableStreamBYOBReader | undefined {
	try {
		return stream.getReader({ mode: 'byob' });
	} catch (error) {
		if (error instanceof TypeError && !stream.locked) return undefined;
		throw error;
	}
}
