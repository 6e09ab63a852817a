import type { DeviceProfile } from '../ports/gpu-probe.ts';
import type { FitSubject } from './fit-contract.ts';

export type FitRuntime = 'webllm' | 'onnx' | 'other';

/** Engines that hand their models to ONNX Runtime, unless the quantisation is one of WebLLM's. */
const onnxEngines: readonly string[] = ['transformers', 'deepseek'];

/** What computes the model. Only WebLLM numbers its quantisations: `q4f16_1`. */
export function runtimeOf({ engine, dtype }: Pick<FitSubject, 'engine' | 'dtype'>): FitRuntime {
	if (engine === 'webllm' || (dtype !== null && /_\d$/.test(dtype))) return 'webllm';
	return onnxEngines.includes(engine) ? 'onnx' : 'other';
}

/** True for `fp16`, `q4f16`, `q4f16_1`: 16-bit numbers, which a GPU may lack and a processor computes badly. */
export function isHalfPrecision({ dtype }: Pick<FitSubject, 'dtype'>): boolean {
	return dtype !== null && /fp?16/.test(dtype);
}

/**
 * Everything that the device must have: `webgpu`, `cross-origin-isolated`, or a feature of the GPU. What the engine
 * and the quantisation imply comes first; publishers forget to state it.
 */
export function needsOf(subject: FitSubject): string[] {
	const needs = new Set<string>();
	const half = isHalfPrecision(subject);
	const runtime = runtimeOf(subject);
	const writes = subject.tasks.includes('generate');
	if (runtime === 'webllm' || (runtime === 'onnx' && half && writes)) {
		needs.add('webgpu');
		if (half) needs.add('shader-f16');
	}
	for (const need of subject.needs) needs.add(need);
	return [...needs];
}

/** Where that device computes the model, as its engine chooses: ONNX models never on a software GPU. */
export function placeOf(subject: FitSubject, { gpu }: DeviceProfile): 'webgpu' | 'wasm' | 'cpu' {
	const runtime = runtimeOf(subject);
	if (runtime === 'webllm') return 'webgpu';
	if (runtime === 'other') return 'cpu';
	const usable = gpu && !gpu.isFallback;
	const able = !isHalfPrecision(subject) || gpu?.features.includes('shader-f16');
	return usable && able ? 'webgpu' : 'wasm';
}
