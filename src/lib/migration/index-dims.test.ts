import { expect, test } from 'vitest';
import { dimsFault, maxIndexDims } from './index-dims.ts';

test('from one dimension to the most that a block holds, nothing is wrong', () => {
	expect([1, 384, 1024, maxIndexDims].map(dimsFault)).toEqual([null, null, null, null]);
});

test('longer vectors are told with both numbers', () => {
	expect(dimsFault(maxIndexDims + 1)).toContain('4,097 dimensions; an index holds 4,096');
});

test.each([0, -1, 1.5, Number.NaN])('%d dimensions are none', (dims) => {
	expect(dimsFault(dims)).toContain(`${dims} dimensions`);
});
