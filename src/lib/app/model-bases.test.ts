import { describe, expect, test } from 'vitest';
import type { BaseIdentity } from '../adapters/base-identity.ts';
import type { ModelId, Sha256 } from '../core/ids.ts';
import { modelBases, type ModelCopy } from './model-bases.ts';

const identity: BaseIdentity = {
	architecture: 'qwen3',
	...{ hiddenSize: 1024, layers: 28, heads: 16, keyValueHeads: 8, intermediateSize: 3072 },
	...{ vocabulary: 151_936, tokenizer: 'f'.repeat(64) as Sha256 }
};
const model = (id: string, names: readonly string[], known: BaseIdentity | null): ModelCopy => ({
	...{ id: id as ModelId, names, identity: known }
});
const onnx = model('onnx', ['Qwen3 0.6B', 'onnx-community/Qwen3-0.6B-ONNX'], identity);
const basesOf = (...models: readonly ModelCopy[]) => [...modelBases([onnx, ...models]).values()];

describe('the same base', () => {
	test.each<[string, ModelCopy]>([
		['another quantisation', model('q8', ['Qwen3 0.6B'], identity)],
		['another runtime', model('mlc', ['x', 'mlc-ai/Qwen3-0.6B-q4f16_1-MLC'], identity)],
		['a copy on the disk', model('disk', ['qwen3-0.6b'], { ...identity, tokenizer: null })]
	])('is %s', (_, copy) => {
		expect(basesOf(copy)).toEqual(['onnx', 'onnx']);
	});

	test('is each by itself, also where nothing is known', () => {
		const unknown = model('gone', ['Qwen3 0.6B'], null);
		expect(basesOf(unknown, unknown)).toEqual(['onnx', 'gone']);
		expect(modelBases([])).toEqual(new Map());
	});
});

describe('another base', () => {
	test.each<[string, ModelCopy]>([
		['one of other sizes', model('a', ['Qwen3 0.6B'], { ...identity, layers: 36 })],
		['one whose sizes are not told', model('a', ['Qwen3 0.6B'], { ...identity, heads: null })],
		[
			'one that reads text otherwise',
			model('a', ['Qwen3 0.6B'], { ...identity, tokenizer: 'e'.repeat(64) as Sha256 })
		],
		['one that was trained on from it', model('a', ['Qwen3 0.6B Instruct'], identity)],
		['one without a name', model('a', [''], identity)]
	])('is %s', (_, other) => {
		expect(basesOf(other)).toEqual(['onnx', 'a']);
	});
});
