import { concatBytes } from '../core/bytes.ts';

/** All bytes of a stream. */
export async function readAll(
	stream: ReadableStream<Uint8Array<ArrayBuffer>>
): Promise<Uint8Array<ArrayBuffer>> {
	const parts: Uint8Array<ArrayBuffer>[] = [];
	const reader = stream.getReader();
	for (;;) {
		const { done, value } = await reader.read();
		if (done) return concatBytes(parts);
		parts.push(value);
	}
}
