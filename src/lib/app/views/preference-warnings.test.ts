import { describe, expect, test } from 'vitest';
import type { Setup } from '../../core/setup.ts';
import { engineNamed } from '../../testing/judged-answers.ts';
import { preferenceWarnings } from './preference-warnings.ts';

const [llama, qwen, gemma] = ['Llama', 'Qwen', 'Gemma'].map(engineNamed) as [
	ReturnType<typeof engineNamed>,
	ReturnType<typeof engineNamed>,
	ReturnType<typeof engineNamed>
];
const leadingTo = (chat: typeof llama) => ({ chat }) as Setup;

describe('before training on pairs', () => {
	test('nothing is to be known of one engine that stays', () => {
		const engines = [{ engine: llama, pairs: 3 }];
		expect(preferenceWarnings({ engines, chat: llama, target: null })).toEqual([]);
		expect(preferenceWarnings({ engines, chat: llama, target: leadingTo(llama) })).toEqual([]);
	});

	test('several bases are counted', () => {
		const engines = [
			{ engine: llama, pairs: 3 },
			{ engine: qwen, pairs: 1 }
		];
		expect(preferenceWarnings({ engines, chat: null, target: null })).toEqual([
			expect.stringMatching(/^These pairs come from 2 engines: Llama \(3\), Qwen \(1\)\./)
		]);
	});

	test('their engine may be about to be replaced', () => {
		const engines = [{ engine: llama, pairs: 1 }];
		expect(preferenceWarnings({ engines, chat: llama, target: leadingTo(gemma) })).toEqual([
			expect.stringMatching(/^Llama, which 1 pair comes from, is about to be replaced by Gemma\./)
		]);
	});

	test('an engine that they do not come from may be replaced without a word', () => {
		const engines = [{ engine: qwen, pairs: 2 }];
		expect(preferenceWarnings({ engines, chat: llama, target: leadingTo(gemma) })).toEqual([]);
	});
});
