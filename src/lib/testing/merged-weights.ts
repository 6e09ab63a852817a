import type { AppliedAdapter } from '../adapters/applied-adapter.ts';

/**
 * Weights of one layer, shape [from, to], with adapters added to them for good: W + Σ strength · scale · (B·A)ᵀ,
 * summed in 64 bits. What a side branch must come to.
 */
export function mergedWeights(
	module: string,
	weights: Float32Array,
	adapters: readonly AppliedAdapter[]
): Float32Array {
	const merged = Float64Array.from(weights);
	for (const { modules, strength } of adapters) {
		const lora = modules.find((each) => each.module === module);
		if (!lora) continue;
		const { a, b, rank, inSize, outSize, scale } = lora;
		for (let to = 0; to < outSize; to++)
			for (let from = 0; from < inSize; from++) {
				let sum = 0;
				for (let at = 0; at < rank; at++)
					sum += (b[to * rank + at] ?? 0) * (a[at * inSize + from] ?? 0);
				merged[from * outSize + to]! += strength * scale * sum;
			}
	}
	return Float32Array.from(merged);
}
