import { describe, expect, test, vi } from 'vitest';
import { EmbedBatch } from './embed-batch.ts';
import type { EmbedContext, Progress } from './engine-contract.ts';

const texts = ['five5', 'a', 'four', 'bb', 'ccc'];

function setUp(list: readonly string[] = texts) {
	const seen: Progress[] = [];
	const onTruncated = vi.fn<NonNullable<EmbedContext['onTruncated']>>();
	const { signal } = new AbortController();
	const batch = new EmbedBatch(list, {
		signal,
		purpose: 'passage',
		onProgress: (progress) => seen.push(progress),
		onTruncated
	});
	return { batch, seen, onTruncated, signal };
}

const vectorsOf = (list: readonly string[]): Float32Array[] =>
	list.map((text) => Float32Array.of(text.length));

describe('a batch of texts', () => {
	test('comes in slices from the shortest text to the longest', () => {
		const { batch } = setUp();
		const slices: (readonly string[])[] = [];
		while (!batch.isComplete) {
			const slice = batch.slice(2);
			slices.push(slice.texts);
			slice.keep(vectorsOf(slice.texts));
		}
		expect(slices).toEqual([['a', 'bb'], ['ccc', 'four'], ['five5']]);
		expect(batch.lengths).toEqual([1, 2, 3, 4, 5]);
	});

	test('ends with the vectors in the order in which the texts came', () => {
		const { batch } = setUp();
		while (!batch.isComplete) {
			const slice = batch.slice(2);
			slice.keep(vectorsOf(slice.texts));
		}
		expect(batch.finish()).toEqual(vectorsOf(texts));
	});

	test('keeps texts of one length in their order, the same text twice too', () => {
		const { batch } = setUp(['b', 'a', 'b']);
		expect(batch.slice(3).texts).toEqual(['b', 'a', 'b']);
	});

	test('gives a slice again whose vectors were never kept', () => {
		const { batch } = setUp();
		batch.slice(3);
		expect(batch.done).toBe(0);
		expect(batch.slice(2).texts).toEqual(['a', 'bb']);
	});

	test('passes on what the call is for, and its signal', () => {
		const { batch, signal } = setUp();
		expect(batch.slice(1).context).toMatchObject({ signal, purpose: 'passage' });
	});
});

describe('the progress of a batch', () => {
	test('counts texts of the whole, whatever unit the engine counts in', () => {
		const { batch, seen } = setUp();
		const first = batch.slice(4);
		first.context.onProgress?.({ done: 500, total: 1000 });
		first.keep(vectorsOf(first.texts));
		const second = batch.slice(1);
		second.context.onProgress?.({ done: 1, total: 1 });
		second.keep(vectorsOf(second.texts));
		expect(seen).toEqual([2, 4, 5].map((done) => ({ done, total: 5 })));
	});

	test('never goes back, even when a slice reports late', () => {
		const { batch, seen } = setUp();
		const first = batch.slice(3);
		first.keep(vectorsOf(first.texts));
		first.context.onProgress?.({ done: 1, total: 3 });
		batch.slice(2).context.onProgress?.({ done: 0, total: 0 });
		expect(seen).toEqual([{ done: 3, total: 5 }]);
	});
});

describe('texts that were cut', () => {
	test('are told once, by their places in the list of the caller', () => {
		const { batch, onTruncated } = setUp();
		const first = batch.slice(3);
		first.context.onTruncated?.([2]);
		first.keep(vectorsOf(first.texts));
		const second = batch.slice(2);
		second.context.onTruncated?.([0, 1]);
		second.context.onTruncated?.([1]);
		second.keep(vectorsOf(second.texts));
		expect(onTruncated).not.toHaveBeenCalled();
		batch.finish();
		// `five5`, `four` and `ccc`.
		expect(onTruncated.mock.calls).toEqual([[[0, 2, 4]]]);
	});

	test('are not told where none was', () => {
		const { batch, onTruncated } = setUp();
		const slice = batch.slice(5);
		slice.keep(vectorsOf(slice.texts));
		batch.finish();
		expect(onTruncated).not.toHaveBeenCalled();
	});
});
