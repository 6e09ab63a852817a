import type { DeviceProfile, GpuProbe, GpuProfile } from '../ports/gpu-probe.ts';
import { SystemClock } from './system-clock.ts';

export interface WebGpuProbeOptions {
	/** Default: the browser's. Undefined where it has none. */
	readonly gpu?: Pick<GPU, 'requestAdapter'> | undefined;
	/** How long a driver may take to answer before it counts as absent. Default 10 s. */
	readonly limitMs?: number;
}

/** What the browser tells of this device, asked anew at each call. */
export class WebGpuProbe implements GpuProbe {
	readonly #gpu: Pick<GPU, 'requestAdapter'> | undefined;
	readonly #limitMs: number;

	constructor(options: WebGpuProbeOptions = {}) {
		this.#gpu = 'gpu' in options ? options.gpu : (navigator as MaybeGpu).gpu;
		this.#limitMs = options.limitMs ?? 10_000;
	}

	async probe(): Promise<DeviceProfile> {
		return {
			gpu: await this.#probeGpu().catch(() => null),
			wasmThreads: crossOriginIsolated ? navigator.hardwareConcurrency : 1,
			crossOriginIsolated,
			memoryGb: (navigator as MaybeMemory).deviceMemory ?? null
		};
	}

	async #probeGpu(): Promise<GpuProfile | null> {
		if (!this.#gpu) return null;
		const limit = new AbortController();
		const timeout = new SystemClock().sleep(this.#limitMs, limit.signal).then(() => null);
		// The timer loses the race on every good day; its cancellation is nobody's error.
		timeout.catch(() => undefined);
		try {
			const request = this.#gpu.requestAdapter({ powerPreference: 'high-performance' });
			const adapter = await Promise.race([request, timeout]);
			return adapter && profileOf(adapter);
		} finally {
			limit.abort();
		}
	}
}

interface MaybeGpu {
	readonly gpu?: GPU;
}

interface MaybeMemory {
	readonly deviceMemory?: number;
}

function profileOf({ info, features, limits }: GPUAdapter): GpuProfile {
	return {
		vendor: info.vendor,
		architecture: info.architecture,
		isFallback: info.isFallbackAdapter || info.architecture === 'swiftshader',
		features: [...features].sort(),
		maxBufferSize: limits.maxBufferSize,
		maxStorageBufferBindingSize: limits.maxStorageBufferBindingSize
	};
}
