import { nextTask } from '../core/next-task.ts';
import type { GpuOwner } from '../engines/webllm/check-gpu.ts';
import type { GpuLimits } from '../engines/webllm/gpu-limits.ts';
import type { WatchedDevice } from '../engines/webllm/gpu-watch.ts';

/** A browser with WebGPU, whose adapter has what WebLLM asks for unless it is told otherwise. */
export function fakeGpu(
	limits: Partial<GpuLimits> = {},
	features: readonly string[] = []
): GpuOwner {
	const plenty: GpuLimits = {
		maxBufferSize: 2 ** 31,
		maxStorageBufferBindingSize: 2 ** 31,
		maxComputeWorkgroupStorageSize: 2 ** 15,
		maxStorageBuffersPerShaderStage: 10
	};
	const adapter = { limits: { ...plenty, ...limits }, features: new Set(features) };
	return { gpu: { requestAdapter: () => Promise.resolve(adapter) } };
}

/** A graphics device that computes nothing and can be lost. */
export class FakeGpuDevice implements WatchedDevice {
	readonly lost: Promise<{ readonly reason: string; readonly message: string }>;
	isDestroyed = false;
	readonly #lose: (loss: { reason: string; message: string }) => void;
	#fault: { readonly message: string } | null = null;

	constructor() {
		const { promise, resolve } = Promise.withResolvers<{ reason: string; message: string }>();
		this.lost = promise;
		this.#lose = resolve;
	}

	/** Resolves when everybody has heard of it. */
	async lose(reason: string): Promise<void> {
		this.#lose({ reason, message: 'as told' });
		await nextTask();
	}

	/** As when a buffer is wanted for which there is no memory: the runtime asks, and is told. */
	async refuseMemory(): Promise<void> {
		this.#fault = { message: 'Out of memory' };
		await this.popErrorScope();
	}

	popErrorScope(): Promise<{ readonly message: string } | null> {
		return Promise.resolve(this.#fault);
	}

	destroy(): void {
		this.isDestroyed = true;
		this.#lose({ reason: 'destroyed', message: '' });
	}
}
