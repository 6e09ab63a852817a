import { describe, expect, test } from 'vitest';
import type { ModelId } from '../../core/ids.ts';
import type { Setup } from '../../core/setup.ts';
import { engineNamed } from '../../testing/judged-answers.ts';
import { preferenceWarnings } from './preference-warnings.ts';

const [llama, qwen, gemma] = ['Llama', 'Qwen', 'Gemma'].map(engineNamed) as [
	ReturnType<typeof engineNamed>,
	ReturnType<typeof engineNamed>,
	ReturnType<typeof engineNamed>
];
const one = (engine: typeof llama, pairs: number) => ({
	...{ base: engine.model, engines: [engine], pairs }
});
const baseOf = (model: ModelId): ModelId => model;
const leadingTo = (chat: typeof llama) => ({ chat }) as Setup;

describe('before training on pairs', () => {
	test('nothing is to be known of one engine that stays', () => {
		const bases = [one(llama, 3)];
		expect(preferenceWarnings({ bases, baseOf, chat: llama, target: null })).toEqual([]);
		expect(preferenceWarnings({ bases, baseOf, chat: llama, target: leadingTo(llama) })).toEqual(
			[]
		);
	});

	test('several bases are counted', () => {
		const bases = [one(llama, 3), one(qwen, 1)];
		expect(preferenceWarnings({ bases, baseOf, chat: null, target: null })).toEqual([
			expect.stringMatching(/^These pairs come from 2 engines: Llama \(3\), Qwen \(1\)\./)
		]);
	});

	test('their engine may be about to be replaced', () => {
		const bases = [one(llama, 1)];
		expect(preferenceWarnings({ bases, baseOf, chat: llama, target: leadingTo(gemma) })).toEqual([
			expect.stringMatching(/^Llama, which 1 pair comes from, is about to be replaced by Gemma\./)
		]);
	});

	test('an engine that they do not come from may be replaced without a word', () => {
		const bases = [one(qwen, 2)];
		expect(preferenceWarnings({ bases, baseOf, chat: llama, target: leadingTo(gemma) })).toEqual(
			[]
		);
	});

	test('a copy of the same base may take its place, and counts as the same', () => {
		const bases = [{ base: llama.model, engines: [llama, gemma], pairs: 3 }];
		const alike = (): ModelId => llama.model;
		const situation = { bases, baseOf: alike, chat: gemma, target: leadingTo(llama) };
		expect(preferenceWarnings(situation)).toEqual([]);
		expect(preferenceWarnings({ ...situation, bases: [...bases, one(qwen, 1)] })).toEqual([
			expect.stringContaining('2 engines: Llama and Gemma (3), Qwen (1).')
		]);
	});
});
