import { describe, expect, test } from 'vitest';
import { defaultChunker, indexIdOf, indexSpecOf } from '../knowledge/index-spec.ts';
import { plannable } from '../testing/migration-world.ts';
import { nextIndexSpec } from './next-index-spec.ts';
import { chunkerOfSize } from './passage-size.ts';

const [model, other] = [plannable('model'), plannable('other')];
const present = indexSpecOf(model);
const stays = { present, model, isNew: false, wish: { rebuild: false, chunkSize: null } };
const rebuilt = { ...stays, wish: { rebuild: true, chunkSize: null } };

test('the index stays when nothing is asked of it', () => {
	expect(nextIndexSpec(stays)).toBeNull();
	expect(nextIndexSpec({ ...stays, wish: undefined })).toBeNull();
	expect(nextIndexSpec({ ...stays, wish: { rebuild: false, chunkSize: 900 } })).toBeNull();
});

describe('a rebuild', () => {
	test('is another index of the same parts, one generation on', async () => {
		const next = nextIndexSpec(rebuilt)!;
		expect(next).toEqual({ ...present, generation: 1 });
		expect(await indexIdOf(next)).not.toBe(await indexIdOf(present));
		expect(nextIndexSpec({ ...rebuilt, present: next })?.generation).toBe(2);
	});

	test('skips generations that were built before', () => {
		expect(nextIndexSpec(rebuilt, 2)?.generation).toBe(3);
	});

	test('of an index that nobody knows begins with the default chunker', () => {
		expect(nextIndexSpec({ ...rebuilt, present: null })?.chunker).toEqual(defaultChunker);
	});
});

describe('passages of another size', () => {
	const short = { ...stays, wish: { rebuild: false, chunkSize: 500 } };

	test('are another index of the same model, with an overlap in proportion', () => {
		expect(nextIndexSpec(short)).toEqual({
			...present,
			chunker: { ...defaultChunker, size: 500, overlap: 67 }
		});
	});

	test('can come with a new model, or with a rebuild', () => {
		const both = nextIndexSpec({ ...short, model: other, isNew: true });
		expect([both?.model, both?.chunker.size]).toEqual(['other', 500]);
		const wish = { rebuild: true, chunkSize: 500 };
		expect(nextIndexSpec({ ...short, wish })?.generation).toBeUndefined();
		expect(nextIndexSpec({ ...short, wish }, 1)?.generation).toBe(1);
	});

	test('of the medium size are cut as they always were', () => {
		expect(chunkerOfSize(900)).toEqual(defaultChunker);
	});
});

test('a new model keeps the present chunker, and begins its own generations', () => {
	const cut = indexSpecOf(model, chunkerOfSize(1500), 3);
	const next = nextIndexSpec({ ...stays, present: cut, model: other, isNew: true });
	expect(next).toEqual(indexSpecOf(other, chunkerOfSize(1500)));
});

test('a model that makes no embeddings makes no index', () => {
	const mute = plannable('mute', { embedding: null });
	expect(nextIndexSpec({ ...rebuilt, model: mute, isNew: true })).toBeNull();
});
