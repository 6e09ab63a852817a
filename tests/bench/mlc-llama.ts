import type { Json } from '../../src/lib/core/json.ts';
import { jsonBytes } from '../fixtures/tiny-models/model-file-map.ts';
import type { LlamaShape } from '../fixtures/tiny-models/tiny-llama.ts';
import type { BenchModel } from './bench-models.ts';
import { BytesFile } from './bytes-file.ts';

export type MlcFormat = 'q0f16' | 'q0f32';

interface Tensor {
	readonly name: string;
	readonly shape: readonly [number, number];
}

/** As MLC's converter cuts them. */
const shardBytes = 32 * 2 ** 20;
/** Of either format: of 32-bit floats the converter keeps the upper halves. */
const numberBytes = 2;

/** The layers of a Llama as files for WebLLM, with random weights. It can be read, and not be run. */
export function mlcLlama(shape: LlamaShape, dtype: MlcFormat): BenchModel {
	const shards = cut(tensorsOf(shape));
	const config = {
		model_type: 'llama',
		quantization: dtype,
		model_config: {
			hidden_size: shape.heads * shape.headSize,
			num_attention_heads: shape.heads,
			num_key_value_heads: shape.keyValueHeads,
			head_dim: shape.headSize
		}
	};
	const files = new Map([
		['mlc-chat-config.json', new BytesFile(jsonBytes(config))],
		['tensor-cache.json', new BytesFile(jsonBytes(listOf(shards, dtype)))]
	]);
	for (const [index, tensors] of shards.entries())
		files.set(pathOf(index), new BytesFile(randomWeights(bytesOf(tensors), dtype, index + 1)));
	return {
		...{ id: `mlc-llama-${shape.layers}-${dtype}`, title: `Llama, ${dtype}`, dtype },
		...{ contextTokens: 4096, embedding: null, files }
	};
}

function tensorsOf({ layers, heads, keyValueHeads, headSize, feedForward }: LlamaShape): Tensor[] {
	const hidden = heads * headSize;
	const keyValues = keyValueHeads * headSize;
	return Array.from({ length: layers }, (_, layer) => `model.layers.${layer}`).flatMap(
		(layer): Tensor[] => [
			{ name: `${layer}.self_attn.qkv_proj.weight`, shape: [hidden + 2 * keyValues, hidden] },
			{ name: `${layer}.self_attn.o_proj.weight`, shape: [hidden, hidden] },
			{ name: `${layer}.mlp.gate_up_proj.weight`, shape: [2 * feedForward, hidden] },
			{ name: `${layer}.mlp.down_proj.weight`, shape: [hidden, feedForward] }
		]
	);
}

function cut(tensors: readonly Tensor[]): Tensor[][] {
	const shards: Tensor[][] = [[]];
	for (const tensor of tensors) {
		const last = shards.at(-1) ?? [];
		if (last.length > 0 && bytesOf([...last, tensor]) > shardBytes) shards.push([tensor]);
		else last.push(tensor);
	}
	return shards;
}

function listOf(shards: readonly Tensor[][], dtype: MlcFormat): Json {
	return {
		metadata: {},
		records: shards.map((tensors, index) => ({
			...{ dataPath: pathOf(index), format: 'raw-shard', nbytes: bytesOf(tensors) },
			records: tensors.map(({ name, shape }, at) => ({
				...{ name, shape, dtype: dtype === 'q0f16' ? 'float16' : 'float32' },
				...{ format: 'f32-to-bf16', nbytes: bytesOf(tensors.slice(at, at + 1)) },
				byteOffset: bytesOf(tensors.slice(0, at))
			}))
		}))
	};
}

function bytesOf(tensors: readonly Tensor[]): number {
	return tensors.reduce((sum, { shape: [out, into] }) => sum + out * into * numberBytes, 0);
}

function pathOf(shard: number): string {
	return `params_shard_${shard}.bin`;
}

/** Numbers of either sign between 2⁻⁷ and 2⁻⁵, about as large as those of trained models. */
function randomWeights(bytes: number, dtype: MlcFormat, seed: number): Uint8Array<ArrayBuffer> {
	const [kept, exponent] = dtype === 'q0f16' ? [0x87ff, 0x2000] : [0x80ff, 0x3c00];
	const halves = new Uint16Array(bytes / numberBytes);
	let state = seed;
	for (let at = 0; at < halves.length; at++) {
		state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
		halves[at] = ((state >>> 16) & kept) | exponent;
	}
	return new Uint8Array(halves.buffer);
}
