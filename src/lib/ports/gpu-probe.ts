/** What this device can run. Bytes throughout. */
export interface DeviceProfile {
	/** Null when WebGPU is absent or gives no adapter. */
	readonly gpu: GpuProfile | null;
	readonly wasmThreads: number;
	readonly crossOriginIsolated: boolean;
	/** `navigator.deviceMemory` in GB, null where the browser does not tell. */
	readonly memoryGb: number | null;
}

export interface GpuProfile {
	readonly vendor: string;
	readonly architecture: string;
	/** True for a software adapter such as SwiftShader. */
	readonly isFallback: boolean;
	readonly features: readonly string[];
	readonly maxBufferSize: number;
	readonly maxStorageBufferBindingSize: number;
}

export interface GpuProbe {
	/** Never rejects: what cannot be found out is null. */
	probe(): Promise<DeviceProfile>;
}
