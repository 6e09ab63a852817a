import { describe, expect, test } from 'vitest';
import type { Task } from '../core/model-spec.ts';
import type { GpuProfile } from '../ports/gpu-probe.ts';
import type { FitSubject } from './fit-contract.ts';
import { isHalfPrecision, needsOf, placeOf, runtimeOf } from './fit-needs.ts';
import { chooseDevice } from './transformers/choose-device.ts';
import { gpuFacts } from './transformers/gpu-facts.ts';

function subject(engine: string, dtype: string | null, task: Task = 'generate'): FitSubject {
	return {
		...{ engine, dtype, tasks: [task], parameters: null, contextTokens: 1, needs: [] },
		...{ bytes: null, largestFileBytes: null }
	};
}

test.each([
	['webllm', 'q4f32_1', 'webllm'],
	['deepseek', 'q4f16_1', 'webllm'],
	['deepseek', 'q4f16', 'onnx'],
	['transformers', 'fp32', 'onnx'],
	['transformers', null, 'onnx'],
	['starter', null, 'other'],
	['remote', 'fp16', 'other']
])('%s with %s runs on %s', (engine, dtype, runtime) => {
	expect(runtimeOf({ engine, dtype })).toBe(runtime);
});

test.each([
	['q4f16', true],
	['q4f16_1', true],
	['fp16', true],
	['q0f16', true],
	['q4f32_1', false],
	['fp32', false],
	['q8', false],
	[null, false]
])('%s is half precision: %s', (dtype, half) => {
	expect(isHalfPrecision({ dtype })).toBe(half);
});

describe('the needs', () => {
	test.each([
		['webllm', 'q4f16_1', 'generate', ['webgpu', 'shader-f16']],
		['webllm', 'q4f32_1', 'generate', ['webgpu']],
		['webllm', 'q0f32', 'embed', ['webgpu']],
		['transformers', 'q4f16', 'generate', ['webgpu', 'shader-f16']],
		['transformers', 'fp16', 'embed', []],
		['transformers', 'q4', 'generate', []],
		['starter', null, 'generate', []]
	] as const)('of %s with %s that can %s are %j', (engine, dtype, task, needs) => {
		expect(needsOf(subject(engine, dtype, task))).toEqual(needs);
	});

	test('are completed by what is stated, each once', () => {
		const stated = { ...subject('webllm', 'q4f16_1'), needs: ['shader-f16', 'subgroups'] };
		expect(needsOf(stated)).toEqual(['webgpu', 'shader-f16', 'subgroups']);
	});
});

describe('the place', () => {
	const gpu: GpuProfile = {
		...{ vendor: 'v', architecture: 'a', isFallback: false, features: ['shader-f16'] },
		...{ maxBufferSize: 1, maxStorageBufferBindingSize: 1 }
	};
	const on = (given: GpuProfile | null) => ({
		...{ gpu: given, wasmThreads: 1, crossOriginIsolated: false, memoryGb: null }
	});
	const chat = subject('transformers', 'q4f16');

	test('of an ONNX model is the GPU where that can compute it', () => {
		expect(placeOf(chat, on(gpu))).toBe('webgpu');
		expect(placeOf(chat, on({ ...gpu, features: [] }))).toBe('wasm');
		expect(placeOf(subject('transformers', 'q8'), on({ ...gpu, features: [] }))).toBe('webgpu');
		expect(placeOf(chat, on(null))).toBe('wasm');
	});

	test('of WebLLM is always the GPU, of others the processor', () => {
		expect(placeOf(subject('webllm', 'q4f16_1'), on(null))).toBe('webgpu');
		expect(placeOf(subject('starter', null), on(gpu))).toBe('cpu');
	});

	test.each([
		['real hardware', { isFallbackAdapter: false, architecture: 'turing' }, false],
		['a fallback adapter', { isFallbackAdapter: true, architecture: '' }, true],
		['SwiftShader', { isFallbackAdapter: false, architecture: 'swiftshader' }, true]
	])('is the one that the engine chooses: %s', async (_, info, isFallback) => {
		const model = subject('transformers', 'q8');
		const facts = await gpuFacts({ gpu: { requestAdapter: () => Promise.resolve({ info }) } });
		const chosen = chooseDevice({ ...model, name: 'Nettle' }, 'auto', facts);
		expect(placeOf(model, on({ ...gpu, isFallback }))).toBe(chosen);
	});
});
