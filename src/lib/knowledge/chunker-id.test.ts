import { expect, test } from 'vitest';
import { chunkerIdOf } from './chunker-id.ts';
import { defaultChunker } from './index-spec.ts';

test('can be read, and differs with each part of the chunker', () => {
	expect(chunkerIdOf(defaultChunker)).toBe('structure-1-900-120');
	expect(chunkerIdOf({ ...defaultChunker, size: 600 })).toBe('structure-1-600-120');
	expect(chunkerIdOf({ ...defaultChunker, overlap: 80 })).toBe('structure-1-900-80');
});
