import { AppError } from '../../core/errors.ts';
import type { ModelSpec } from '../../core/model-spec.ts';
import type { DevicePreference } from '../engine-contract.ts';
import { isHalfPrecision } from '../fit-needs.ts';
import type { GpuFacts } from './gpu-facts.ts';

/**
 * Where a model is to be computed; `auto` is the place that `placeOf` foretells. A language model in 16-bit numbers is
 * refused where `auto` finds no GPU for it: on the processor it would take minutes for a sentence.
 * Errors: `engine/no-webgpu`, `engine/gpu-too-small`.
 */
export function chooseDevice(
	spec: Pick<ModelSpec, 'name' | 'dtype' | 'tasks'>,
	preference: DevicePreference,
	gpu: GpuFacts | null
): 'webgpu' | 'wasm' {
	const { name } = spec;
	if (preference === 'wasm') return 'wasm';
	const isHalf = isHalfPrecision(spec);
	const needsGpu = preference === 'webgpu' || (isHalf && spec.tasks.includes('generate'));
	const isUsable = gpu !== null && (preference === 'webgpu' || !gpu.isSoftware);
	const isAble = !isHalf || gpu?.features.has('shader-f16') === true;
	if (isUsable && isAble) return 'webgpu';
	if (!needsGpu) return 'wasm';
	if (!isUsable) throw new AppError('engine/no-webgpu', { details: { name } });
	const reason = 'it cannot compute with 16-bit numbers (shader-f16)';
	throw new AppError('engine/gpu-too-small', { details: { name, reason } });
}
