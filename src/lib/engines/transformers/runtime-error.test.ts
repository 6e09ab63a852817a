import { describe, expect, it } from 'vitest';
import { AppError } from '../../core/errors.ts';
import { runtimeError } from './runtime-error.ts';

const whileLoading = (message: string): AppError =>
	runtimeError(new Error(message), 'engine/load-failed', 'Nettle');

describe('runtimeError', () => {
	it.each([
		[
			"failed to call OrtRun(). ERROR_CODE: 1, ERROR_MESSAGE: buffer_manager.cc:643 Failed to download data from buffer. wgpu::MapAsyncStatus value: 4, message: Failed to execute 'mapAsync' on 'GPUBuffer': The Device was lost before mapping was resolved.\n",
			'engine/device-lost'
		],
		['WebGPU device lost (unknown)', 'engine/device-lost'],
		['Lost the GPU device', 'engine/device-lost'],
		['[Device] is destroyed', 'engine/device-lost'],
		['std::bad_alloc', 'engine/out-of-memory'],
		['memory access out of bounds', 'engine/out-of-memory'],
		[
			"failed to call OrtRun(). ERROR_CODE: 1, ERROR_MESSAGE: Non-zero status code returned while running Expand node. Name:'node_2' Status Message: op_kernel.cc:83 [ONNXRuntimeError] : 1 : FAIL : Calculation for Tensor storage size overflowed\n",
			'engine/out-of-memory'
		],
		['Array buffer allocation failed', 'engine/out-of-memory'],
		['Invalid array length', 'engine/out-of-memory'],
		['Aborted(). Build with -sASSERTIONS for more info.', 'engine/out-of-memory'],
		["Failed to execute 'createBuffer' on 'GPUDevice'", 'engine/out-of-memory'],
		['WebAssembly.Memory(): could not grow: Out of memory', 'engine/out-of-memory'],
		['Buffer size (2147483648) exceeds the max buffer size limit', 'engine/gpu-too-small'],
		['The device (webgpu) does not support fp16.', 'engine/gpu-too-small'],
		['Error while parsing WGSL: :12:3 error: unresolved type', 'engine/shader-failed'],
		['Failed to create a WebGPU compute pipeline: Internal error', 'engine/shader-failed'],
		['Unsupported device: "webgpu". Should be one of: wasm.', 'engine/no-webgpu'],
		['Failed to get GPU adapter.', 'engine/no-webgpu'],
		['Could not locate file: "https://model-store.invalid/m/config.json".', 'storage/missing'],
		[
			"Can't create a session. ERROR_CODE: 7, ERROR_MESSAGE: Failed to load model because protobuf parsing failed.",
			'engine/bad-model'
		],
		[
			"Can't create a session. ERROR_CODE: 6, ERROR_MESSAGE: No Op registered for Sigmoyd with domain_version of 17",
			'engine/bad-model'
		],
		[
			"Can't create a session. ERROR_CODE: 9, ERROR_MESSAGE: Could not find an implementation for Loop(16)",
			'engine/bad-model'
		],
		[
			"Can't create a session. ERROR_CODE: 10, ERROR_MESSAGE: This is an invalid model.",
			'engine/bad-model'
		],
		['Unsupported model type: nonesuch', 'engine/bad-model'],
		['Unexpected end of JSON input', 'engine/bad-model'],
		['no available backend found', 'engine/load-failed']
	] as const)('reads "%s" as %s', (message, code) => {
		expect(whileLoading(message).code).toBe(code);
	});

	it('says which model is bad, and why, in one sentence', () => {
		const { message } = whileLoading(
			"Can't create a session. ERROR_CODE: 7, ERROR_MESSAGE: Failed to load model because protobuf parsing failed."
		);
		expect(message).toContain('The files of Nettle are whole');
		expect(message).toContain(': Failed to load model because protobuf parsing failed.');
		expect(message).not.toContain('..');
	});

	it('tells the last reason of many, and not where it stands in the code', () => {
		const reasonIn = (message: string) => whileLoading(message).details.reason;
		expect(
			reasonIn(
				"failed to call OrtRun(). ERROR_CODE: 1, ERROR_MESSAGE: Non-zero status code returned while running Expand node. Name:'node_2' Status Message: /s/op_kernel.cc:83 virtual OrtValue *OutputMLValue(int) [ONNXRuntimeError] : 1 : FAIL : The axes are wrong.\n"
			)
		).toBe('The axes are wrong');
		expect(
			reasonIn(
				'ERROR_CODE: 1, ERROR_MESSAGE: /s/buffer_manager.cc:643 void Download(WGPUBuffer) const result.status == Status::Success was false. Failed to download.'
			)
		).toBe('Failed to download');
	});

	it('does not blame a model that could be loaded', () => {
		const words = 'ERROR_CODE: 9, ERROR_MESSAGE: not implemented for this shape';
		expect(runtimeError(new Error(words), 'engine/generate-failed', '').code).toBe(
			'engine/generate-failed'
		);
	});

	it('keeps sentences short, whatever the runtime adds', () => {
		expect(whileLoading(`Something odd\n    at line 3\n${'x'.repeat(1000)}`).details.reason).toBe(
			'Something odd'
		);
		expect(whileLoading('x'.repeat(1000)).message.length).toBeLessThan(500);
	});

	it('does not read a room as being out of memory', () => {
		expect(runtimeError(new Error('no rooms'), 'engine/embed-failed', '').code).toBe(
			'engine/embed-failed'
		);
	});

	it('keeps our own errors as they are', () => {
		const own = new AppError('storage/corrupt', { details: { what: 'onnx/model.onnx' } });
		expect(runtimeError(own, 'engine/load-failed', '')).toBe(own);
	});

	it('tells the reason, also where something else than an error was thrown', () => {
		expect(runtimeError('8412936', 'engine/generate-failed', '').message).toContain('8412936');
	});

	it('takes an abort for a cancel', () => {
		const abort = new DOMException('stopped', 'AbortError');
		expect(runtimeError(abort, 'engine/load-failed', '').code).toBe('cancelled');
	});
});
