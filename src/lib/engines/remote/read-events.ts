import { type SseEvent, SseParser } from './sse-parser.ts';

/** The events of a body, as they come. Whoever stops reading closes the connection. */
export async function* readEvents(
	body: ReadableStream<Uint8Array<ArrayBuffer>>
): AsyncGenerator<SseEvent, void> {
	const parser = new SseParser();
	const decoder = new TextDecoder();
	const reader = body.getReader();
	try {
		for (;;) {
			const { done, value } = await reader.read();
			if (done) break;
			yield* parser.push(decoder.decode(value, { stream: true }));
		}
		yield* parser.push(decoder.decode());
		yield* parser.end();
	} finally {
		await reader.cancel().catch(() => undefined);
	}
}
