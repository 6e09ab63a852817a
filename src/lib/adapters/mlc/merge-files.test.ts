import { describe, expect, test } from 'vitest';
import { toAppError } from '../../core/errors.ts';
import type { AdapterId } from '../../core/ids.ts';
import { memoryModelFiles } from '../../testing/memory-model-files.ts';
import {
	mlcTensor,
	mlcWeights,
	readMlcWeights,
	type MlcTensor
} from '../../testing/mlc-weights.ts';
import type { AppliedAdapter } from '../applied-adapter.ts';
import type { LoraModule } from '../lora-module.ts';
import type { ModelFiles } from '../model-files.ts';
import { halfFloats } from '../onnx/half-floats.ts';
import { decodeFloats } from '../peft/float-decoding.ts';
import { mergeFiles } from './merge-files.ts';

type Files = Map<string, Uint8Array<ArrayBuffer>>;

const layer = 'model.layers.0';
/** Two heads of two numbers that ask, one that answers; a hidden size of 4 and an inner one of 3. */
const config = {
	hidden_size: 4,
	num_attention_heads: 2,
	num_key_value_heads: 1,
	head_dim: 2
};

function llama(format: MlcTensor['format'] = 'F16'): MlcTensor[][] {
	return [
		[
			mlcTensor('model.embed_tokens.weight', [5, 4], format),
			mlcTensor(`${layer}.self_attn.qkv_proj.weight`, [8, 4], format),
			mlcTensor(`${layer}.input_layernorm.weight`, [4], format),
			mlcTensor(`${layer}.self_attn.o_proj.weight`, [4, 4], format)
		],
		[
			mlcTensor(`${layer}.mlp.gate_up_proj.weight`, [6, 4], format),
			mlcTensor(`${layer}.mlp.down_proj.weight`, [4, 3], format),
			mlcTensor('lm_head.weight', [5, 4], format)
		]
	];
}

function filesOf(shards: MlcTensor[][], modelConfig: object | null = config): Files {
	const files = mlcWeights(shards);
	const chat = { model_type: 'llama', ...(modelConfig && { model_config: modelConfig }) };
	return files.set('mlc-chat-config.json', new TextEncoder().encode(JSON.stringify(chat)));
}

function lora(module: string, outSize: number, inSize: number, rank = 2): LoraModule {
	const a = mlcTensor(`${module} A`, [rank, inSize]).values;
	const b = mlcTensor(`${module} B`, [outSize, rank]).values;
	return { module, rank, inSize, outSize, scale: 0.5, a, b };
}

function adapterOf(modules: readonly LoraModule[], strength = 1, name = 'Pirate'): AppliedAdapter {
	return { id: name as AdapterId, name, strength, modules };
}

const everywhere = [
	lora(`${layer}.self_attn.q_proj`, 4, 4),
	lora(`${layer}.self_attn.k_proj`, 2, 4),
	lora(`${layer}.self_attn.v_proj`, 2, 4),
	lora(`${layer}.self_attn.o_proj`, 4, 4),
	lora(`${layer}.mlp.gate_proj`, 3, 4),
	lora(`${layer}.mlp.up_proj`, 3, 4),
	lora(`${layer}.mlp.down_proj`, 4, 3)
];

async function read(files: ModelFiles): Promise<Files> {
	const all: Files = new Map();
	for (const path of files.paths) {
		const file = await files.open(path);
		if (!file) continue;
		const bytes = new Uint8Array(await new Response(file.body).arrayBuffer());
		expect(bytes.byteLength, path).toBe(file.bytes);
		all.set(path, bytes);
	}
	return all;
}

async function merged(files: Files, adapters: readonly AppliedAdapter[], piece = 7) {
	const adapted = await mergeFiles(memoryModelFiles(files, piece), adapters, 'Tiny Llama');
	return { ...adapted, weights: readMlcWeights(await read(adapted.files)) };
}

/** The plain way: all weights in memory, row by row, the part of a packed tensor that begins at `row`. */
function plainly(
	weights: Map<string, Float32Array>,
	tensor: string,
	row: number,
	{ module: _, a, b, rank, inSize, outSize, scale }: LoraModule,
	strength = 1
): void {
	const w = weights.get(`${tensor}.weight`) ?? new Float32Array();
	for (let out = 0; out < outSize; out++)
		for (let at = 0; at < inSize; at++) {
			let sum = 0;
			for (let r = 0; r < rank; r++) sum += (b[out * rank + r] ?? 0) * (a[r * inSize + at] ?? 0);
			const place = (row + out) * inSize + at;
			w[place] = (w[place] ?? 0) + strength * scale * sum;
		}
}

function plainlyEverywhere(weights: Map<string, Float32Array>, strength = 1): void {
	const places: readonly (readonly [string, number])[] = [
		['self_attn.qkv_proj', 0],
		['self_attn.qkv_proj', 4],
		['self_attn.qkv_proj', 6],
		['self_attn.o_proj', 0],
		['mlp.gate_up_proj', 0],
		['mlp.gate_up_proj', 3],
		['mlp.down_proj', 0]
	];
	places.forEach(([tensor, row], index) => {
		const module = everywhere[index];
		if (module) plainly(weights, `${layer}.${tensor}`, row, module, strength);
	});
}

function asHalves(values: Float32Array): Float32Array {
	const rounded = new Float32Array(values.length);
	decodeFloats(new DataView(halfFloats(values).buffer), 'F16', rounded);
	return rounded;
}

describe('merging', () => {
	test.each(['F16', 'F32', 'BF16'] as const)(
		'gives the weights that the plain way gives, packed ones in their parts: %s',
		async (format) => {
			const expected = readMlcWeights(filesOf(llama(format)));
			plainlyEverywhere(expected);
			const { weights, matches } = await merged(filesOf(llama(format)), [adapterOf(everywhere)]);
			expect(matches).toEqual([{ adapter: 'Pirate', matched: 7, of: 7 }]);
			for (const [name, values] of expected)
				expect([...(weights.get(name) ?? [])], name).toEqual([
					...(format === 'F16' ? asHalves(values) : values)
				]);
		}
	);

	test('is the same wherever the pieces end', async () => {
		const shards = [...llama('BF16').slice(0, 1), ...llama('F16').slice(1)];
		const adapter = adapterOf(everywhere);
		const whole = await read((await merged(filesOf(shards), [adapter], 1e6)).files);
		for (let piece = 1; piece < 40; piece++) {
			const { files } = await merged(filesOf(shards), [adapter], piece);
			expect(await read(files), `pieces of ${piece} bytes`).toEqual(whole);
		}
	});

	test('adds up what several adapters change, each with its strength', async () => {
		const files = filesOf(llama('F32'));
		const expected = readMlcWeights(files);
		plainlyEverywhere(expected, 0.25);
		const [, , , o] = everywhere;
		plainly(expected, `${layer}.self_attn.o_proj`, 0, o!, -2);
		const { weights, matches } = await merged(files, [
			adapterOf(everywhere, 0.25),
			adapterOf([o!], -2, 'Poet')
		]);
		expect(matches.map(({ adapter, matched }) => [adapter, matched])).toEqual([
			['Pirate', 7],
			['Poet', 1]
		]);
		for (const [name, values] of expected)
			for (const [at, value] of values.entries())
				expect(weights.get(name)?.[at], name).toBeCloseTo(value, 6);
	});

	test('leaves every byte that no adapter changes as it is', async () => {
		const files = filesOf(llama());
		const { files: after } = await merged(files, [adapterOf([everywhere[1]!])]);
		const changed = await read(after);
		const before = files.get('params_shard_0.bin')!;
		const now = changed.get('params_shard_0.bin')!;
		// k: rows 4 and 5 of the packed tensor, which begins after 5 × 4 numbers.
		const [start, end] = [(5 * 4 + 4 * 4) * 2, (5 * 4 + 6 * 4) * 2];
		expect(now.subarray(0, start)).toEqual(before.subarray(0, start));
		expect(now.subarray(end)).toEqual(before.subarray(end));
		expect(now.subarray(start, end)).not.toEqual(before.subarray(start, end));
		expect(changed.get('params_shard_1.bin')).toEqual(files.get('params_shard_1.bin'));
	});

	test('can be read again and again', async () => {
		const { files } = await merged(filesOf(llama()), [adapterOf(everywhere)]);
		expect(await read(files)).toEqual(await read(files));
	});

	test('of nothing, or at strength 0, gives the files that it was given', async () => {
		const files = memoryModelFiles(filesOf(llama()));
		expect(await mergeFiles(files, [], 'Tiny Llama')).toEqual({ files, matches: [] });
		const off = await mergeFiles(files, [adapterOf(everywhere, 0)], 'Tiny Llama');
		expect(off.files).toBe(files);
		expect(off.matches).toEqual([{ adapter: 'Pirate', matched: 7, of: 7 }]);
	});
});

describe('the list of weights', () => {
	test('says where widened weights lie, how they are written, and nothing that is no longer true', async () => {
		const { files } = await merged(filesOf(llama('BF16')), [adapterOf([everywhere[0]!])]);
		const text = new TextDecoder().decode((await read(files)).get('tensor-cache.json'));
		const list = JSON.parse(text) as {
			metadata: unknown;
			records: { nbytes: number; md5sum?: string; records: object[] }[];
		};
		expect(list.metadata).toEqual({ ParamSize: 1 });
		const [first, second] = list.records;
		expect(first).not.toHaveProperty('md5sum');
		expect(second).toHaveProperty('md5sum');
		expect(first?.nbytes).toBe((20 + 4 + 16) * 2 + 32 * 4);
		expect(first?.records).toMatchObject([
			{ format: 'f32-to-bf16', byteOffset: 0, nbytes: 40 },
			{ format: 'raw', dtype: 'float32', byteOffset: 40, nbytes: 128 },
			{ format: 'f32-to-bf16', byteOffset: 168, nbytes: 8 },
			{ format: 'f32-to-bf16', byteOffset: 176, nbytes: 32 }
		]);
	});
});

describe('is refused', () => {
	async function refusal(files: Files, modules: readonly LoraModule[]) {
		return toAppError(
			await merged(files, [adapterOf(modules)]).then(
				() => null,
				(error: unknown) => error
			)
		);
	}

	test('where the weights are rounded, with the reason and what to do', async () => {
		const files = filesOf([[mlcTensor(`${layer}.self_attn.qkv_proj.q_weight`, [8, 1])]]);
		const error = await refusal(files, everywhere);
		expect(error.code).toBe('adapter/engine');
		expect(error.message).toMatch(/^Tiny Llama cannot take adapters: its weights are rounded/);
	});

	test('where nothing of the adapter is in the model', async () => {
		const error = await refusal(filesOf(llama()), [lora('model.layers.7.mlp.up_proj', 3, 4)]);
		expect(error).toMatchObject({ code: 'adapter/no-match', details: { adapter: 'Pirate' } });
	});

	test('where nobody knows how the layers of its architecture are laid out', async () => {
		const files = filesOf([
			[mlcTensor('gpt_neox.layers.0.attention.query_key_value.weight', [12, 4])]
		]);
		const chat = { model_type: 'gpt_neox', model_config: config };
		files.set('mlc-chat-config.json', new TextEncoder().encode(JSON.stringify(chat)));
		const error = await refusal(files, [
			lora('gpt_neox.layers.0.attention.query_key_value', 12, 4)
		]);
		expect(error.code).toBe('adapter/engine');
		expect(error.message).toContain('gpt_neox');
	});

	test.each([
		['without a configuration', null],
		['with one that is no JSON', '{"model_type":']
	])('%s', async (_, text) => {
		const files = filesOf(llama());
		files.delete('mlc-chat-config.json');
		if (text !== null) files.set('mlc-chat-config.json', new TextEncoder().encode(text));
		const error = await refusal(files, everywhere);
		expect(error.code).toBe('adapter/engine');
		expect(error.message).toContain('does not name its architecture');
	});

	test('where a part of a packed tensor is of another size', async () => {
		const error = await refusal(filesOf(llama()), [lora(`${layer}.self_attn.k_proj`, 4, 4)]);
		expect(error).toMatchObject({
			code: 'adapter/wrong-shape',
			details: { module: `${layer}.self_attn.k_proj`, has: '4 → 4', needs: '4 → 2' }
		});
	});

	test.each([null, { ...config, head_dim: 3 }])(
		'where the configuration does not tell the parts: %j',
		async (modelConfig) => {
			const error = await refusal(filesOf(llama(), modelConfig), everywhere.slice(0, 1));
			expect(error).toMatchObject({ code: 'adapter/engine' });
		}
	);

	test('where the numbers are of a kind that cannot be added to exactly', async () => {
		const files = filesOf(llama());
		const text = new TextDecoder().decode(files.get('tensor-cache.json'));
		files.set(
			'tensor-cache.json',
			new TextEncoder().encode(text.replaceAll('"float16"', '"bfloat16"'))
		);
		const error = await refusal(files, everywhere);
		expect(error.code).toBe('adapter/engine');
		expect(error.message).toContain('bfloat16');
	});

	test.each([
		['is no list', () => '[]'],
		['is no JSON', () => '{"records": [{'],
		[
			'has a tensor outside of its file',
			(text: string) => text.replace('"nbytes":144', '"nbytes":9')
		],
		[
			'has two tensors in one place',
			(text: string) => text.replace('"byteOffset":104', '"byteOffset":90')
		],
		[
			'has a tensor of another size than its shape',
			(text: string) => text.replace('[8,4]', '[8,5]')
		]
	])('where the list of weights %s', async (_, damage) => {
		const files = filesOf(llama());
		const text = new TextDecoder().decode(files.get('tensor-cache.json'));
		const damaged = damage(text);
		expect(damaged).not.toBe(text);
		files.set('tensor-cache.json', new TextEncoder().encode(damaged));
		expect((await refusal(files, everywhere)).code).toBe('engine/bad-model');
	});

	test('where a file of weights is shorter or longer than it is said to be', async () => {
		const files = memoryModelFiles(filesOf(llama()));
		for (const by of [-1, 1]) {
			const lying: ModelFiles = {
				...files,
				open: async (path) => {
					const file = await files.open(path);
					return file && path.endsWith('0.bin') ? { ...file, bytes: file.bytes + by } : file;
				}
			};
			const adapted = await mergeFiles(lying, [adapterOf(everywhere)], 'Tiny Llama');
			await expect(read(adapted.files)).rejects.toMatchObject({ code: 'storage/corrupt' });
		}
	});
});
