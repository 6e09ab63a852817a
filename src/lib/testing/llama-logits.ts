import { AutoModelForCausalLM, Tensor, type PreTrainedModel } from '@huggingface/transformers';
import type { ModelFiles } from '../adapters/model-files.ts';
import { newId } from '../core/ids.ts';
import { configureRuntime } from '../engines/transformers/configure-runtime.ts';
import { FileCache } from '../engines/transformers/file-cache.ts';
import { graphOptions } from '../engines/transformers/graph-options.ts';

/** What a test asks a language model to read. */
const tokens = [...new TextEncoder().encode('the quick brown fox jumps over the lazy dog')];

/** The logits of all tokens of a short text, from files that are loaded exactly as the engine loads them. */
export async function llamaLogits(
	files: ModelFiles,
	device: 'wasm' | 'webgpu',
	dtype: string
): Promise<Float32Array> {
	const name = `logits-${newId()}`;
	const cache = new FileCache(name, files);
	configureRuntime(cache, device);
	const loading = AutoModelForCausalLM.from_pretrained(name, {
		progress_callback: () => undefined,
		...graphOptions(files.paths),
		...{ device, dtype: dtype as 'fp32' }
	});
	const model: PreTrainedModel = await Promise.race([loading, cache.failure]);
	const row = (values: readonly number[]): Tensor =>
		new Tensor('int64', BigInt64Array.from(values, BigInt), [1, values.length]);
	try {
		const { logits } = (await model.forward({
			input_ids: row(tokens),
			attention_mask: row(tokens.map(() => 1))
		})) as { logits: Tensor };
		return Float32Array.from(logits.data as Float32Array);
	} finally {
		await model.dispose();
	}
}

/** The greatest difference between numbers in the same place; NaN where one is none. */
export function largestDifference(some: Float32Array, others: Float32Array): number {
	if (some.length !== others.length) return NaN;
	return some.reduce((most, value, at) => {
		const difference = Math.abs(value - (others[at] ?? NaN));
		return difference <= most ? most : difference;
	}, 0);
}
