import { expect, test } from 'vitest';
import { readEvents } from './read-events.ts';

/** A stream of these pieces, which notes whether it was cancelled. */
function streamOf(pieces: readonly Uint8Array<ArrayBuffer>[]) {
	const left = [...pieces];
	const seen = { cancelled: false };
	const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
		pull(controller) {
			const piece = left.shift();
			if (piece) controller.enqueue(piece);
			else controller.close();
		},
		cancel: () => void (seen.cancelled = true)
	});
	return { body, seen };
}

test('letters of several bytes may be cut anywhere', async () => {
	const bytes = new TextEncoder().encode('data: 日本語 🙂\n\n');
	for (let at = 0; at <= bytes.length; at++) {
		const { body } = streamOf([bytes.slice(0, at), bytes.slice(at)]);
		expect(await Array.fromAsync(readEvents(body))).toEqual([
			{ type: 'message', data: '日本語 🙂' }
		]);
	}
});

test('a mark for the byte order at the beginning is no part of the text', async () => {
	const { body } = streamOf([new TextEncoder().encode('\uFEFFdata: a\n\n')]);
	expect(await Array.fromAsync(readEvents(body))).toEqual([{ type: 'message', data: 'a' }]);
});

test('a body that fails fails its reader', async () => {
	const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
		pull: (controller) => controller.error(new Error('gone'))
	});
	await expect(Array.fromAsync(readEvents(body))).rejects.toThrow('gone');
});

test('whoever stops reading gives the body back', async () => {
	const { body, seen } = streamOf([
		new TextEncoder().encode('data: a\n\n'),
		new TextEncoder().encode('data: b\n\n'),
		new TextEncoder().encode('data: c\n\n')
	]);
	for await (const { data } of readEvents(body)) {
		expect(data).toBe('a');
		break;
	}
	expect(seen.cancelled).toBe(true);
});
