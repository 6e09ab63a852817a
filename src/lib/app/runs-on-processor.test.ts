import { expect, test } from 'vitest';
import type { Sha256 } from '../core/ids.ts';
import type { ModelSpec } from '../core/model-spec.ts';
import { scriptedModel } from '../testing/scripted-engine.ts';
import { runsOnProcessor } from './runs-on-processor.ts';

const small: ModelSpec = {
	...scriptedModel,
	engine: 'transformers',
	tasks: ['generate'],
	dtype: 'q4',
	files: [fileOf(600e6), fileOf(200e6)]
};

function fileOf(bytes: number) {
	return { path: `onnx/${bytes}`, url: 'https://hub.invalid/x', bytes, sha256: '' as Sha256 };
}

const table: readonly [string, Partial<ModelSpec>, boolean][] = [
	['a small ONNX model', {}, true],
	['a small DeepSeek model in ONNX', { engine: 'deepseek' }, true],
	['one above a gigabyte', { files: [fileOf(600e6), fileOf(500e6)] }, false],
	['one that writes in half precision', { dtype: 'q4f16' }, false],
	['one that embeds in half precision', { dtype: 'fp16', tasks: ['embed'] }, true],
	['a model of WebLLM', { engine: 'webllm', dtype: 'q4f32_1' }, false],
	['a DeepSeek model of WebLLM', { engine: 'deepseek', dtype: 'q4f16_1' }, false],
	['a built-in model, which has no other device', { engine: 'starter', dtype: null }, false],
	['a model on a server', { engine: 'remote', dtype: null, files: [] }, false]
];

test.each(table)('%s', (_, change, expected) => {
	expect(runsOnProcessor({ ...small, ...change })).toBe(expected);
});
