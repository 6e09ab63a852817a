import type { NamedLayer } from '../named-layer.ts';
import { floatSizes, type FloatFormat } from '../peft/float-decoding.ts';
import type { MlcArchitecture } from './mlc-architecture.ts';
import { badModel, type WeightRecord, type WeightShard } from './weight-list.ts';

/** A tensor of weights, shape [outSize, inSize], row by row. */
export interface WeightLayer extends NamedLayer {
	readonly shard: WeightShard;
	readonly record: WeightRecord;
	/** How its numbers are written; null where they cannot be added to exactly. */
	readonly format: FloatFormat | null;
}

/**
 * The tensors that may be weights of linear layers, under the names that PEFT gives to modules. Errors:
 * `engine/bad-model` where the bytes of one are more or fewer than its numbers; `model` is for messages.
 */
export function weightLayers(
	shards: readonly WeightShard[],
	{ moduleOf }: Pick<MlcArchitecture, 'moduleOf'>,
	model: string
): WeightLayer[] {
	return shards.flatMap((shard) =>
		shard.records.flatMap((record) => {
			const [outSize, inSize, ...others] = record.shape;
			if (!outSize || !inSize || others.length > 0 || !record.name.endsWith('.weight')) return [];
			const format = formatOf(record);
			if (format && outSize * inSize * floatSizes[format] !== record.nbytes)
				throw badModel(model, `${record.name} is not of the size that its shape says`);
			// The name of a node, for the index: a path that ends in what is done.
			return [
				{ names: [`${moduleOf(record.name)}/weight`], inSize, outSize, shard, record, format }
			];
		})
	);
}

/** MLC's converter notes `f32-to-bf16` beside every tensor, and does it to 32-bit floats alone. */
function formatOf({ dtype, format }: WeightRecord): FloatFormat | null {
	if (format !== 'raw' && format !== 'f32-to-bf16') return null;
	if (dtype === 'float16') return 'F16';
	if (dtype !== 'float32') return null;
	return format === 'raw' ? 'F32' : 'BF16';
}
