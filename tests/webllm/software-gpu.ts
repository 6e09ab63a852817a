/** Kernels that choose tokens: no vector needs them, and the software GPU never finishes building them. */
const needless =
	/^(chunk_lse|argsort|softmax_with_chunked|gpu_2d_cont|apply_|gather_probs|scatter_probs|get_renorm|take_sorted|get_index_from)/;

/** Functions of older libraries that WebLLM has stopped to offer, and that do nothing in a browser. */
const dropped = /(ResetThreadPool|NumThreads)Ev$/;

/** Lets a machine without a GPU run a model library. No part of the app: it is for the thread of one test. */
export async function helpSoftwareGpu(): Promise<void> {
	const { instantiate } = WebAssembly;
	const withDropped = async (
		bytes: BufferSource,
		imports: Record<string, Record<string, unknown>>
	): Promise<WebAssembly.WebAssemblyInstantiatedSource> => {
		const module = await WebAssembly.compile(bytes);
		for (const { module: from, name } of WebAssembly.Module.imports(module))
			if (dropped.test(name) && imports[from]) imports[from][name] ??= () => 0;
		return { module, instance: await instantiate(module, imports as WebAssembly.Imports) };
	};
	Object.assign(WebAssembly, { instantiate: withDropped });

	const { gpu } = navigator as { gpu?: GPU };
	const adapter = await gpu?.requestAdapter();
	if (adapter?.info.architecture !== 'swiftshader') return;
	const prototype = GPUDevice.prototype as {
		createComputePipelineAsync: (
			this: GPUDevice,
			descriptor: GPUComputePipelineDescriptor
		) => Promise<GPUComputePipeline>;
	};
	const create = prototype.createComputePipelineAsync;
	prototype.createComputePipelineAsync = function (descriptor) {
		const { entryPoint = '' } = descriptor.compute;
		if (!needless.test(entryPoint)) return create.call(this, descriptor);
		const code = `@compute @workgroup_size(1) fn ${entryPoint}() {}`;
		const module = this.createShaderModule({ code });
		return create.call(this, { ...descriptor, compute: { module, entryPoint } });
	};
}
