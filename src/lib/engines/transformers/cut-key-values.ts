import { DynamicCache, Tensor } from '@huggingface/transformers';

/** Keys and values of attention, by text, head, token and width. Other memories cannot be cut after the fact. */
const cuttable = /^past_key_values\.\d+\.(key|value)$/;

/**
 * What was remembered of the first `tokens` tokens; null where the model's memory is of a kind that cannot be cut. What
 * it was cut from is given back either way, on the GPU too.
 */
export async function cutKeyValues(
	cache: DynamicCache,
	tokens: number
): Promise<DynamicCache | null> {
	const entries = Object.entries<Tensor>(cache);
	const isCuttable = entries.every(
		([name, { dims }]) => cuttable.test(name) && dims.length === 4 && (dims[2] ?? 0) >= tokens
	);
	if (!isCuttable || entries.length === 0) {
		await cache.dispose();
		return null;
	}
	try {
		const cut: Record<string, Tensor> = {};
		for (const [name, tensor] of entries) cut[name] = await firstTokens(tensor, tokens);
		return new DynamicCache(cut);
	} finally {
		await cache.dispose();
	}
}

async function firstTokens(tensor: Tensor, tokens: number): Promise<Tensor> {
	const { type, dims } = tensor;
	// From the GPU, where it is; the next run takes it there again.
	const data = await tensor.ort_tensor.getData();
	return new Tensor(type, data as Float32Array, dims).slice(null, null, [0, tokens]);
}
