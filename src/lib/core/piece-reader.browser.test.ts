import { expect, test } from 'vitest';
import { InlineWorker } from '../testing/inline-worker.ts';

/** Reads a stream of 8 MiB as often as it is asked, each anew. Answers with the lengths that came. */
const readOften = (open: string): string => `async ({ pieceReader }, times) => {
	const bytes = new Uint8Array(8 * 2 ** 20);
	const open = ${open};
	const lengths = new Set();
	for (let i = 0; i < times; i++) {
		const reader = pieceReader(await open(bytes));
		let sum = 0;
		for (let piece = await reader.next(); piece; piece = await reader.next())
			sum += piece.byteLength;
		lengths.add(sum);
	}
	return [...lengths];
}`;

// A garbage collection has to fall into a read: in a hundred of them one does.
test.each([
	['a blob', '(bytes) => new Blob([bytes]).stream()'],
	[
		'a stored part',
		`async (bytes) => {
			const cache = await caches.open('test-piece-reader');
			const url = 'https://blobs.invalid/part';
			if (!(await cache.match(url))) await cache.put(url, new Response(bytes));
			return (await cache.match(url)).body;
		}`
	]
])('%s is read to its end, though nobody holds its stream', async (_, open) => {
	const worker = new InlineWorker(new URL('./piece-reader.ts', import.meta.url), readOften(open));
	expect(await worker.ask(250)).toEqual([8 * 2 ** 20]);
	worker.close();
	await caches.delete('test-piece-reader');
});
