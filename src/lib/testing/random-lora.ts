import { randomFloats, seededRandom } from '../../../tests/fixtures/tiny-models/random.ts';
import type { AppliedAdapter } from '../adapters/applied-adapter.ts';
import type { LoraModule } from '../adapters/lora-module.ts';
import { newId, type AdapterId } from '../core/ids.ts';

/** The linear layers of the tiny Llama: size of x, and of y. */
export const tinyLlamaLayers = {
	q_proj: [64, 64],
	k_proj: [64, 32],
	v_proj: [64, 32],
	o_proj: [64, 64],
	gate_proj: [64, 128],
	up_proj: [64, 128],
	down_proj: [128, 64]
} as const;
export type TinyLlamaLayer = keyof typeof tinyLlamaLayers;

export const attentionLayers: readonly TinyLlamaLayer[] = ['q_proj', 'k_proj', 'v_proj', 'o_proj'];

export interface RandomLoraOptions {
	/** Default all. */
	readonly layers?: readonly TinyLlamaLayer[];
	/** Default 4. */
	readonly rank?: number;
	/** Default 1. */
	readonly strength?: number;
	/** Default 1. The numbers are the same for the same seed. */
	readonly seed?: number;
	/** B is all zero, as before the first step of training. */
	readonly zero?: boolean;
}

/** An adapter for the two layers of the tiny Llama, strong enough that its answers change. */
export function randomLora(options: RandomLoraOptions = {}): AppliedAdapter {
	const { rank = 4, strength = 1, seed = 1, zero = false } = options;
	const layers = options.layers ?? (Object.keys(tinyLlamaLayers) as TinyLlamaLayer[]);
	const random = seededRandom(seed);
	const modules = [0, 1].flatMap((at) =>
		layers.map((layer): LoraModule => {
			const [inSize, outSize] = tinyLlamaLayers[layer];
			return {
				module: `model.layers.${at}.${layer.length > 6 || layer === 'up_proj' ? 'mlp' : 'self_attn'}.${layer}`,
				...{ rank, inSize, outSize, scale: 2 },
				a: new Float32Array(randomFloats(random, rank * inSize, 0.15)),
				b: new Float32Array(randomFloats(random, outSize * rank, zero ? 0 : 0.15))
			};
		})
	);
	return { id: newId() as AdapterId, name: `random ${seed}`, strength, modules };
}
