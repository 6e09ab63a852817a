/** The part of WebGPU that is asked here; named by hand because it is missing in many browsers. */
interface GpuOwner {
	readonly gpu?: {
		requestAdapter(): Promise<{ readonly info?: AdapterInfo } | null>;
	};
}

interface AdapterInfo {
	readonly isFallbackAdapter?: boolean;
	readonly architecture?: string;
}

/**
 * True when WebGPU gives an adapter that is real hardware. Never rejects. To be asked before a model is loaded:
 * after a failed try on the GPU the runtime refuses every other try in the same worker.
 */
export async function gpuUsable(
	owner: GpuOwner | undefined = (globalThis as { navigator?: GpuOwner }).navigator
): Promise<boolean> {
	try {
		const adapter = await owner?.gpu?.requestAdapter();
		return adapter ? !isSoftware(adapter.info) : false;
	} catch {
		return false;
	}
}

/** The same answer as the device probe gives, so that a verdict on a model foretells what its engine does. */
function isSoftware(info: AdapterInfo | undefined): boolean {
	return info?.isFallbackAdapter === true || info?.architecture === 'swiftshader';
}
