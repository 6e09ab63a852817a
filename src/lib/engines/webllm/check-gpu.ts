import { AppError } from '../../core/errors.ts';
import type { ModelSpec } from '../../core/model-spec.ts';
import { isHalfPrecision } from '../fit-needs.ts';
import { gpuLack, tensorLack, type GpuLimits } from './gpu-limits.ts';

/** The part of WebGPU that is asked here; named by hand because it is missing in many browsers. */
export interface GpuOwner {
	readonly gpu?: {
		requestAdapter(options: { powerPreference: 'high-performance' }): Promise<Adapter | null>;
	};
}

interface Adapter {
	readonly features: { has(feature: string): boolean };
	readonly limits: Partial<GpuLimits>;
}

/**
 * Asks, before anything is loaded, whether WebLLM can run the model on the adapter that it would choose.
 * Errors: `engine/no-webgpu`, `engine/gpu-too-small`.
 */
export async function checkGpu(
	{ name, dtype, files, modelLibrary }: ModelSpec,
	owner: GpuOwner | undefined = (globalThis as { navigator?: GpuOwner }).navigator
): Promise<void> {
	const adapter = await owner?.gpu
		?.requestAdapter({ powerPreference: 'high-performance' })
		.catch(() => null);
	if (!adapter) throw new AppError('engine/no-webgpu', { details: { name } });
	const weights = files.filter(({ path }) => path !== modelLibrary?.path);
	const largest = Math.max(0, ...weights.map(({ bytes }) => bytes));
	const lacksHalf = isHalfPrecision({ dtype }) && !adapter.features.has('shader-f16');
	const reason = lacksHalf
		? `it lacks shader-f16, which half-precision weights (${dtype ?? ''}) need`
		: (gpuLack(adapter.limits) ?? tensorLack(largest, adapter.limits));
	if (reason !== null) throw new AppError('engine/gpu-too-small', { details: { name, reason } });
}
