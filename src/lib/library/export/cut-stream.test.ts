import { expect, test } from 'vitest';
import { cutStream } from './cut-stream.ts';

const bytes = (length: number) => Uint8Array.from({ length }, (_, i) => i % 251);

function streamOf(
	whole: Uint8Array<ArrayBuffer>,
	chunk: number,
	onCancel: () => void = () => undefined
) {
	let at = 0;
	return new ReadableStream<Uint8Array<ArrayBuffer>>({
		pull(controller) {
			if (at < whole.length) controller.enqueue(whole.slice(at, at + chunk));
			else controller.close();
			at += chunk;
		},
		cancel: onCancel
	});
}

test.each([
	[10, 3, [4, 4, 2]],
	[10, 100, [4, 4, 2]],
	[8, 4, [4, 4]],
	[8, 1, [4, 4]],
	[3, 2, [3]],
	[0, 2, []]
])('%i bytes that arrive by %i are cut into %j', async (length, chunk, expected) => {
	const pieces = await Array.fromAsync(cutStream(streamOf(bytes(length), chunk), 4));
	expect(pieces.map((piece) => piece.length)).toEqual(expected);
	expect(pieces.flatMap((piece) => [...piece])).toEqual([...bytes(length)]);
});

test('a stream that nobody reads on is given up', async () => {
	let cancelled = 0;
	const stream = streamOf(bytes(100), 4, () => cancelled++);
	for await (const piece of cutStream(stream, 4)) {
		expect(piece).toHaveLength(4);
		break;
	}
	expect(cancelled).toBe(1);
});
