import { expect, test } from 'vitest';
import type { Sha256 } from '../core/ids.ts';
import type { ModelSpec } from '../core/model-spec.ts';
import { plannable } from '../testing/migration-world.ts';
import { peakMemory } from './peak-memory.ts';

function model(bytes: number, parts: Partial<ModelSpec> = {}): ModelSpec {
	const file = { path: 'w', url: 'https://x.test/w', bytes, sha256: 'ab' as Sha256 };
	return plannable('m', { engine: 'transformers', files: bytes > 0 ? [file] : [], ...parts });
}

test('is at least the weights, and at most what loading and a long context add', () => {
	const { low, high } = peakMemory([model(1e9)], 0)!;
	expect(low).toBeGreaterThan(1e9);
	expect(low).toBeLessThan(1.2e9);
	expect(high).toBeGreaterThan(1.3e9);
	expect(high).toBeLessThan(2.5e9);
});

test('counts the vectors of all texts at its upper end only', () => {
	const [none, many] = [0, 10_000].map((texts) => peakMemory([model(1e8)], texts)!);
	expect(many!.high - none!.high).toBe(10_000 * 32 * 4);
	expect(many!.low).toBe(none!.low);
});

test('of several models is that of the largest: they are loaded one after the other', () => {
	const [small, large] = [model(1e8), model(1e9)];
	expect(peakMemory([small, large], 0)).toEqual(peakMemory([large], 0));
});

test('of a model that only embeds needs no room for a context', () => {
	const embedder = peakMemory([model(1e8, { tasks: ['embed'] })], 0)!;
	expect(embedder.high).toBeLessThan(peakMemory([model(1e8)], 0)!.high);
});

test('of what has no files is little, and of no model is nothing to tell', () => {
	expect(peakMemory([model(0, { engine: 'starter' })], 0)!.high).toBeLessThan(50e6);
	expect(peakMemory([], 100)).toBeNull();
});
