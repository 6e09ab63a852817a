import { formatBytes } from '../../core/bytes.ts';

/** Limits of a graphics adapter, named as WebGPU names them. */
export type GpuLimits = Readonly<
	Record<
		| 'maxBufferSize'
		| 'maxStorageBufferBindingSize'
		| 'maxComputeWorkgroupStorageSize'
		| 'maxStorageBuffersPerShaderStage',
		number
	>
>;

/** What WebLLM asks of the adapter when it starts, whatever the model: the most that it can give, or it gives up. */
const asked: Readonly<Record<keyof GpuLimits, readonly number[]>> = {
	maxBufferSize: [2 ** 30, 2 ** 28],
	maxStorageBufferBindingSize: [2 ** 30, 2 ** 27],
	maxComputeWorkgroupStorageSize: [2 ** 15],
	maxStorageBuffersPerShaderStage: [10]
};

const names: Readonly<Record<keyof GpuLimits, string>> = {
	maxBufferSize: 'buffers',
	maxStorageBufferBindingSize: 'storage bindings',
	maxComputeWorkgroupStorageSize: 'workgroup storage',
	maxStorageBuffersPerShaderStage: 'storage buffers for each shader'
};

/** What WebLLM then works with: never more than it asks for, and null where the adapter has too little. */
export function grantedLimit(limit: keyof GpuLimits, offered: number): number | null {
	return asked[limit].find((size) => size <= offered) ?? null;
}

/** Below that it gives up. */
export function leastLimit(limit: keyof GpuLimits): number {
	return asked[limit].at(-1) ?? 0;
}

/** Why WebLLM cannot start on an adapter of these limits, as the end of a sentence; null where it can. */
export function gpuLack(limits: Partial<GpuLimits>): string | null {
	for (const limit of Object.keys(asked) as (keyof GpuLimits)[]) {
		const offered = limits[limit];
		if (offered === undefined || grantedLimit(limit, offered) !== null) continue;
		const show = limit === 'maxStorageBuffersPerShaderStage' ? String : formatBytes;
		return `WebLLM needs ${show(leastLimit(limit))} of ${names[limit]}, and it allows ${show(offered)}`;
	}
	return null;
}

/** Why weights do not fit an adapter: a file larger than usual is one tensor, which must be bound as a whole. */
export function tensorLack(largestBytes: number, limits: Partial<GpuLimits>): string | null {
	const { maxStorageBufferBindingSize: offered } = limits;
	const most = offered === undefined ? null : grantedLimit('maxStorageBufferBindingSize', offered);
	if (most === null || largestBytes <= most) return null;
	return `a part of the weights has ${formatBytes(largestBytes)}, and it reads ${formatBytes(most)} at once`;
}
