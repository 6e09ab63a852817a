import { describe, expect, it } from 'vitest';
import { AppError } from '../../core/errors.ts';
import { runtimeError } from './runtime-error.ts';

describe('runtimeError', () => {
	it.each([
		[
			'OrtRun failed: mapAsync failed: A valid external Instance reference no longer exists. Device was lost.',
			'engine/device-lost'
		],
		['WebGPU device lost (unknown)', 'engine/device-lost'],
		['Lost the GPU device', 'engine/device-lost'],
		['std::bad_alloc', 'engine/out-of-memory'],
		['Array buffer allocation failed', 'engine/out-of-memory'],
		['WebAssembly.Memory(): could not grow: Out of memory', 'engine/out-of-memory'],
		['Could not locate file: "https://model-store.invalid/m/config.json".', 'storage/missing'],
		['protobuf parsing failed', 'engine/load-failed']
	] as const)('reads "%s" as %s', (message, code) => {
		expect(runtimeError(new Error(message), 'engine/load-failed').code).toBe(code);
	});

	it('does not read a room as being out of memory', () => {
		expect(runtimeError(new Error('no rooms'), 'engine/embed-failed').code).toBe(
			'engine/embed-failed'
		);
	});

	it('keeps our own errors as they are', () => {
		const own = new AppError('storage/corrupt', { details: { what: 'onnx/model.onnx' } });
		expect(runtimeError(own, 'engine/load-failed')).toBe(own);
	});

	it('tells the reason, also where something else than an error was thrown', () => {
		expect(runtimeError('8412936', 'engine/generate-failed').message).toContain('8412936');
	});

	it('takes an abort for a cancel', () => {
		const abort = new DOMException('stopped', 'AbortError');
		expect(runtimeError(abort, 'engine/load-failed').code).toBe('cancelled');
	});
});
