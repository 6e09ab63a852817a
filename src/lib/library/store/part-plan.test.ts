import { expect, test } from 'vitest';
import type { Sha256 } from '../../core/ids.ts';
import { partPlan, partPrefix, readPartKey } from './part-plan.ts';

const sha256 = 'ab'.repeat(32) as Sha256;

test('a file is cut into equal parts and a rest', () => {
	expect(partPlan({ sha256, bytes: 10, partBytes: 4 })).toEqual([
		{ index: 0, key: `${sha256}/0`, offset: 0, bytes: 4 },
		{ index: 1, key: `${sha256}/1`, offset: 4, bytes: 4 },
		{ index: 2, key: `${sha256}/2`, offset: 8, bytes: 2 }
	]);
});

test.each([
	[1, 1],
	[4, 1],
	[8, 2],
	[9, 3]
])('%i bytes are %i parts that sum up to the file', (bytes, count) => {
	const parts = partPlan({ sha256, bytes, partBytes: 4 });
	expect(parts).toHaveLength(count);
	expect(parts.reduce((sum, part) => sum + part.bytes, 0)).toBe(bytes);
});

test('a key is read back, and foreign keys are not taken for parts', () => {
	expect(readPartKey(`${partPrefix(sha256)}12`)).toEqual({ sha256, index: 12 });
	for (const key of ['adapters/1', sha256, `${sha256}/x`, `x${sha256}/1`, ''])
		expect(readPartKey(key)).toBeUndefined();
});
