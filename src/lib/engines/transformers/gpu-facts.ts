/** What matters here of the device's graphics adapter. */
export interface GpuFacts {
	/** Computes on the processor, slower than WebAssembly does. */
	readonly isSoftware: boolean;
	readonly features: ReadonlySet<string>;
}

/** The part of WebGPU that is asked here; named by hand because it is missing in many browsers. */
interface GpuOwner {
	readonly gpu?: {
		requestAdapter(options: { powerPreference: 'high-performance' }): Promise<Adapter | null>;
	};
}

interface Adapter {
	readonly info?: { readonly isFallbackAdapter?: boolean; readonly architecture?: string };
	readonly features?: ReadonlySet<string>;
}

/**
 * What WebGPU tells of the adapter that the runtime would take; null where there is none. Never rejects. To be asked
 * before a model is loaded: after a failed try on the GPU the runtime refuses every other try in the same worker.
 */
export async function gpuFacts(
	owner: GpuOwner | undefined = (globalThis as { navigator?: GpuOwner }).navigator
): Promise<GpuFacts | null> {
	try {
		const adapter = await owner?.gpu?.requestAdapter({ powerPreference: 'high-performance' });
		if (!adapter) return null;
		const { info, features = new Set<string>() } = adapter;
		const isSoftware = info?.isFallbackAdapter === true || info?.architecture === 'swiftshader';
		return { isSoftware, features };
	} catch {
		return null;
	}
}
