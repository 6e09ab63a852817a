import { describe, expect, it } from 'vitest';
import type { ModelSpec } from '../../core/model-spec.ts';
import { placeOf } from '../fit-needs.ts';
import { chooseDevice } from './choose-device.ts';
import type { GpuFacts } from './gpu-facts.ts';

const graphics = (isSoftware: boolean, ...features: string[]): GpuFacts => ({
	isSoftware,
	features: new Set(features)
});
const able = graphics(false, 'shader-f16');
const plain = graphics(false);
const software = graphics(true, 'shader-f16');

type Spec = Pick<ModelSpec, 'name' | 'dtype' | 'tasks'>;
const model = (dtype: string, ...tasks: Spec['tasks'][number][]): Spec => ({
	name: 'Nettle',
	dtype,
	tasks
});
const writer = model('q4', 'generate');
const halfWriter = model('q4f16', 'generate');
const halfEmbedder = model('fp16', 'embed');

describe('chooseDevice', () => {
	it.each([
		['a GPU', writer, able, 'webgpu'],
		['a GPU without 16-bit numbers', writer, plain, 'webgpu'],
		['software', writer, software, 'wasm'],
		['no GPU', writer, null, 'wasm'],
		['a GPU, for 16-bit numbers', halfWriter, able, 'webgpu'],
		['a GPU without them, for vectors', halfEmbedder, plain, 'wasm'],
		['no GPU, for vectors', halfEmbedder, null, 'wasm']
	] as const)('chooses by itself: %s', (_, spec, gpu, device) => {
		expect(chooseDevice(spec, 'auto', gpu)).toBe(device);
	});

	it('chooses as the verdict on a model foretells', () => {
		for (const gpu of [able, plain, software, null]) {
			for (const spec of [writer, halfEmbedder, model('q8', 'embed'), model('fp32', 'generate')]) {
				const foretold = placeOf(
					{
						...{ ...spec, engine: 'transformers', parameters: null, contextTokens: 512, needs: [] },
						...{ bytes: null, largestFileBytes: null }
					},
					{
						gpu: gpu && {
							...{ vendor: '', architecture: '', maxBufferSize: 1, maxStorageBufferBindingSize: 1 },
							...{ isFallback: gpu.isSoftware, features: [...gpu.features] }
						},
						...{ wasmThreads: 1, crossOriginIsolated: false, memoryGb: null }
					}
				);
				expect(chooseDevice(spec, 'auto', gpu)).toBe(foretold);
			}
		}
	});

	it('does as it is told where it can', () => {
		expect(chooseDevice(writer, 'wasm', able)).toBe('wasm');
		expect(chooseDevice(halfWriter, 'wasm', able)).toBe('wasm');
		expect(chooseDevice(writer, 'webgpu', software)).toBe('webgpu');
	});

	it.each(['webgpu', 'auto'] as const)(
		'refuses what needs a GPU without one (%s)',
		(preference) => {
			expect(() => chooseDevice(halfWriter, preference, null)).toThrow(
				expect.objectContaining({ code: 'engine/no-webgpu', details: { name: 'Nettle' } })
			);
		}
	);

	it('refuses the processor where the GPU was asked for', () => {
		expect(() => chooseDevice(writer, 'webgpu', null)).toThrow(
			expect.objectContaining({ code: 'engine/no-webgpu' })
		);
	});

	it.each(['webgpu', 'auto'] as const)('says what the GPU lacks (%s)', (preference) => {
		expect(() => chooseDevice(halfWriter, preference, plain)).toThrow(
			expect.objectContaining({
				code: 'engine/gpu-too-small',
				message: expect.stringContaining('Nettle: it cannot compute with 16-bit numbers') as string
			})
		);
	});
});
