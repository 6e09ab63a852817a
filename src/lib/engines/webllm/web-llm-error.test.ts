import { describe, expect, test } from 'vitest';
import type { ErrorCode } from '../../core/error-code.ts';
import { AppError } from '../../core/errors.ts';
import { namedError } from '../../testing/fake-mlc-engine.ts';
import { webLlmAbi } from './web-llm-abi.ts';
import { webLlmError } from './web-llm-error.ts';

const model = { name: 'Qwen', modelLibrary: { abi: 'v0_2_80', path: 'a.wasm' } };
const told = (name: string, message: string): AppError =>
	webLlmError(namedError(name, message), 'engine/load-failed', model);

/** Word for word what WebLLM 0.2.86, its runtime, the browser and the driver say, as far as it tells. */
const words: readonly (readonly [ErrorCode, name: string, message: string])[] = [
	[
		'engine/no-webgpu',
		'WebGPUNotAvailableError',
		'WebGPU is not supported in your current environment, but it is necessary to run the WebLLM engine. '
	],
	[
		'engine/no-webgpu',
		'Error',
		"Unable to find a compatible GPU. This issue might be because your computer doesn't have a GPU, or your system settings are not configured properly. "
	],
	[
		'engine/gpu-too-small',
		'Error',
		'Cannot initialize runtime because of requested maxBufferSize exceeds limit. requested=256MB, limit=128MB. Consider upgrading your browser.'
	],
	[
		'engine/gpu-too-small',
		'Error',
		'Cannot initialize runtime because of requested maxComputeWorkgroupStorageSize exceeds limit. requested=32768, limit=16384. '
	],
	[
		'engine/gpu-too-small',
		'ShaderF16SupportError',
		'This model requires WebGPU extension shader-f16, which is not enabled in this browser. '
	],
	[
		'engine/gpu-too-small',
		'FeatureSupportError',
		'This model requires feature subgroups, which is not yet supported by this browser.'
	],
	[
		'engine/library-mismatch',
		'LinkError',
		'WebAssembly.instantiate(): Import #0 "env" "_ZN3tvm7runtime9threading15ResetThreadPoolEv": function import requires a callable'
	],
	['engine/library-mismatch', 'Error', 'Cannot find TVMWasmAllocSpace,TVMWasmFreeSpace in exports'],
	['engine/library-mismatch', 'Error', 'Cannot find global function vm.builtin.kv_state_clear'],
	[
		'engine/library-mismatch',
		'Error',
		'Invalid kv_cache ABI. Require either `prefill`+`decode` or `batch_prefill`+`batch_decode`. Available candidate functions: (none)'
	],
	['engine/out-of-memory', 'RangeError', 'Array buffer allocation failed'],
	['engine/out-of-memory', 'Error', 'Cannot allocate 4194304 bytes in Wasm memory'],
	[
		'engine/out-of-memory',
		'RangeError',
		'WebAssembly.Memory.grow(): Maximum memory size exceeded: out of memory'
	],
	[
		'engine/device-lost',
		'DeviceLostError',
		'The WebGPU device was lost while loading the model. This issue often occurs due to running out of memory (OOM).'
	],
	['engine/device-lost', 'Error', 'Object has already been disposed'],
	['engine/device-lost', 'Error', 'Tensor has already been disposed'],
	[
		'engine/device-lost',
		'ModelNotLoadedError',
		'Model not loaded before trying to complete ChatCompletionRequest. Please ensure you have called MLCEngine.reload(model)'
	],
	[
		'engine/device-lost',
		'OperationError',
		"Failed to execute 'mapAsync' on 'GPUBuffer': [Device] is lost."
	],
	[
		'engine/shader-failed',
		'GPUPipelineError',
		'[Invalid ShaderModule] is invalid due to a previous error. - While validating compute stage'
	],
	[
		'storage/missing',
		'Error',
		'Cannot fetch https://model-store.invalid/resolve/main/tensor-cache.json'
	],
	['engine/bad-model', 'Error', 'Tensor-cache record range [0, 100) exceeds shard size 50 bytes'],
	['engine/bad-model', 'Error', 'Packed BF16 record has 3 bytes, but shape requires 4'],
	[
		'engine/bad-model',
		'CompileError',
		'WebAssembly.instantiate(): expected magic word 00 61 73 6d, found 3c 21 64 6f @+0'
	],
	['engine/bad-model', 'SyntaxError', 'Unexpected token < in JSON at position 0'],
	['engine/bad-model', 'UnsupportedTokenizerFilesError', 'Cannot handle tokenizer files a.txt'],
	[
		'engine/bad-model',
		'EmbeddingChunkingUnsupportedError',
		'Embedding currently does not support chunking. Make sure contextWindowSize === prefillChunkSize.'
	],
	[
		'engine/bad-model',
		'WindowSizeConfigurationError',
		'Only one of context_window_size and sliding_window_size can be positive.'
	],
	['engine/load-failed', 'Error', 'Something that nobody has seen yet']
];

test.each(words)('%s: %s: %s', (code, name, message) => {
	expect(told(name, message).code).toBe(code);
});

describe('an error in the app’s terms', () => {
	test('names both versions of a library that does not fit', () => {
		expect(told('LinkError', 'Import #0').details).toMatchObject({
			...{ name: 'Qwen', has: 'v0_2_80', needs: webLlmAbi }
		});
	});

	test('says how many tokens there were, and how many fit', () => {
		const chat = told(
			'ContextWindowSizeExceededError',
			'Prompt tokens exceed context window size: number of prompt tokens: 5000; context window size: 4096\nConsider shortening the prompt, or increase `context_window_size`.'
		);
		expect(chat).toMatchObject({
			code: 'engine/context-overflow',
			details: { promptTokens: 5000, contextTokens: 4096 }
		});
		const text = told(
			'EmbeddingExceedContextWindowSizeError',
			'The embedding model you are using only supports up to 512 context size.However, an input in the batch has size 600.'
		);
		expect(text.details).toMatchObject({ promptTokens: 600, contextTokens: 512 });
	});

	test('gives the reason without the advice to programmers, and keeps the cause', () => {
		const cause = namedError(
			'WindowSizeSpecificationError',
			'Need to specify either.\nConsider it.'
		);
		const error = webLlmError(cause, 'engine/load-failed', model);
		expect(error.details.reason).toBe('Need to specify either');
		expect(error.cause).toBe(cause);
	});

	test('leaves what is one already, and aborts, as they are', () => {
		const own = new AppError('storage/missing', { details: { what: 'a' } });
		expect(webLlmError(own, 'engine/load-failed', model)).toBe(own);
		expect(told('AbortError', 'Device lost').code).toBe('cancelled');
	});

	test('takes anything that was thrown', () => {
		expect(webLlmError('device was lost', 'engine/load-failed', model).code).toBe(
			'engine/device-lost'
		);
	});
});
