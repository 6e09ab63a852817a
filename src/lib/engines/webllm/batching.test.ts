import { describe, expect, test } from 'vitest';
import { batchesOf, findBatching } from './batching.ts';

const texts = [
	[1, 2],
	[3, 4],
	[5, 6, 7, 8]
] as const;

/** A model whose vectors change by so much per token of padding, and per other text. */
const model = (padding: number, company: number) => {
	const runs: number[] = [];
	const run = (batch: readonly (readonly number[])[]): Promise<Float32Array[]> => {
		runs.push(batch.length);
		const longest = Math.max(...batch.map(({ length }) => length));
		const vectors = batch.map((ids) => {
			const shift = padding * (longest - ids.length) + company * (batch.length - 1);
			return new Float32Array([ids[0]! + shift, 1]);
		});
		return Promise.resolve(vectors);
	};
	return { run, runs };
};

describe('asked, a model', () => {
	test.each([
		['that heeds the mask reads any texts together', 0, 0, 'any'],
		['that differs by rounding alone does so too', 1e-7, 1e-7, 'any'],
		['that ignores the mask reads equal lengths together', 0.5, 0, 'equal-lengths'],
		['that cannot bear company reads each alone', 0.5, 0.5, 'alone'],
		['that makes no numbers reads each alone', NaN, NaN, 'alone']
	])('%s', async (_, padding, company, batching) => {
		const { run, runs } = model(padding, company);
		expect(await findBatching(run, texts)).toBe(batching);
		expect(runs.length).toBeLessThanOrEqual(3);
	});
});

describe('batches', () => {
	const lengths = [5, 2, 5, 2, 9, 5, 5, 5];

	test.each([
		[
			'any',
			[
				[1, 3, 0, 2],
				[5, 6, 7, 4]
			]
		],
		['equal-lengths', [[1, 3], [0, 2, 5, 6], [7], [4]]],
		['alone', [[1], [3], [0], [2], [5], [6], [7], [4]]]
	] as const)('of %s', (batching, expected) => {
		expect(batchesOf(lengths, batching, 4)).toEqual(expected);
	});

	test('of nothing are none', () => {
		expect(batchesOf([], 'any', 4)).toEqual([]);
	});
});
