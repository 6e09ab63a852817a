import { env } from '@huggingface/transformers';

/** Resolves once the GPU device that the runtime of this worker computes on is lost or given back. */
export async function gpuLoss(): Promise<void> {
	const { webgpu } = env.backends.onnx;
	const device = (await webgpu?.device) as { readonly lost?: Promise<unknown> } | undefined;
	await (device?.lost ?? new Promise(() => undefined));
}
