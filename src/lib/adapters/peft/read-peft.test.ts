import { describe, expect, it } from 'vitest';
import {
	rawSafetensors,
	type WrittenTensor
} from '../../../../tests/fixtures/tiny-adapters/safetensors-writer.ts';
import {
	adapterFiles,
	tinyAdapter,
	tinyAdapterConfig,
	tinyAdapterTensors,
	type TinyAdapterOptions
} from '../../../../tests/fixtures/tiny-adapters/tiny-adapter.ts';
import {
	jsonBytes,
	type ModelFileMap
} from '../../../../tests/fixtures/tiny-models/model-file-map.ts';
import { seededRandom } from '../../../../tests/fixtures/tiny-models/random.ts';
import { AppError } from '../../core/errors.ts';
import { memoryModelFiles } from '../../testing/memory-model-files.ts';
import { inspectPeft } from './inspect-peft.ts';
import type { PeftAdapter } from './peft-adapter.ts';
import { readPeft } from './read-peft.ts';

const weightsPath = 'adapter_model.safetensors';
const indexPath = `${weightsPath}.index.json`;
const query = 'base_model.model.model.layers.0.self_attn.q_proj';

function read(files: ModelFileMap, pieceBytes?: number): Promise<PeftAdapter> {
	return readPeft(memoryModelFiles(files, pieceBytes));
}

function tensor(name: string, shape: readonly number[], fill = 1): WrittenTensor {
	const count = shape.reduce((product, axis) => product * axis, 1);
	return { name, dtype: 'F32', shape, values: new Float32Array(count).fill(fill) };
}

/** An adapter of rank 4 with exactly these tensors. */
function withTensors(...tensors: readonly WrittenTensor[]): ModelFileMap {
	return adapterFiles(tinyAdapterConfig(), tensors);
}

/** The files, one of them replaced or, without content, left out. */
function withFile(
	files: ModelFileMap,
	path: string,
	bytes?: Uint8Array<ArrayBuffer>
): ModelFileMap {
	const others = [...files].filter(([each]) => each !== path);
	return new Map(bytes ? [...others, [path, bytes]] : others);
}

async function scaleOf(options: TinyAdapterOptions): Promise<number | undefined> {
	return (await read(tinyAdapter(options))).modules[0]?.scale;
}

describe('readPeft', () => {
	it('reads what PEFT wrote', async () => {
		const adapter = await read(tinyAdapter({ rank: 4, alpha: 8 }));
		const tensors = tinyAdapterTensors({ rank: 4 });
		expect(adapter).toMatchObject({ baseName: 'tests/tiny-llama', rank: 4, isZero: false });
		expect(adapter.paths).toEqual(['adapter_config.json', weightsPath]);
		expect(adapter.modules.map(({ module }) => module)).toEqual([
			'model.layers.0.self_attn.q_proj',
			'model.layers.0.self_attn.v_proj',
			'model.layers.1.self_attn.q_proj',
			'model.layers.1.self_attn.v_proj'
		]);
		expect(adapter.modules[1]).toMatchObject({ rank: 4, inSize: 64, outSize: 32, scale: 2 });
		expect(adapter.modules[1]?.a).toEqual(tensors[2]?.values);
		expect(adapter.modules[1]?.b).toEqual(tensors[3]?.values);
	});

	it.each([1, 7, 100_000])('reads the same in pieces of %i bytes', async (pieceBytes) => {
		const files = tinyAdapter({ rank: 1, dtype: 'F16' });
		expect(await read(files, pieceBytes)).toEqual(await read(files));
	});

	it.each([
		['F16', 2 ** -11],
		['BF16', 2 ** -8]
	] as const)('reads %s', async (dtype, precision) => {
		const [short, exact] = [await read(tinyAdapter({ dtype })), await read(tinyAdapter())];
		const a = exact.modules[0]?.a ?? [];
		expect(short.modules[0]?.a).toHaveLength(a.length);
		const worst = a.map((value, at) => Math.abs((short.modules[0]?.a[at] ?? 9) / value - 1));
		expect(Math.max(...worst)).toBeLessThan(precision);
	});

	it('reads weights that are larger than what is decoded at once', async () => {
		const a = Float32Array.from({ length: 4 * 10_001 }, (_, at) => at);
		const adapter = await read(
			withTensors(
				{ ...tensor(`${query}.lora_A.weight`, [4, 10_001]), values: a },
				tensor(`${query}.lora_B.weight`, [64, 4])
			)
		);
		expect(adapter.modules[0]?.a).toEqual(a);
	});

	it('scales by alpha over the rank, or over its root for rsLoRA', async () => {
		expect(await scaleOf({ rank: 4, alpha: 6 })).toBe(1.5);
		expect(await scaleOf({ rank: 4, alpha: 6, config: { use_rslora: true } })).toBe(3);
	});

	it('scales each module by its own alpha and rank', async () => {
		const ranks = { v_proj: 16 };
		const config = { use_rslora: true, alpha_pattern: { 'layers\\.1\\..*v_proj': 2 } };
		const adapter = await read(tinyAdapter({ rank: 4, alpha: 8, ranks, config }));
		expect(adapter.rank).toBe(16);
		expect(adapter.modules.map(({ rank, scale }) => [rank, scale])).toEqual([
			[4, 4],
			[16, 2],
			[4, 4],
			[16, 0.5]
		]);
	});

	it('knows an adapter that changes nothing', async () => {
		expect((await read(tinyAdapter({ zero: true }))).isZero).toBe(true);
		expect((await read(tinyAdapter({ alpha: 0 }))).isZero).toBe(true);
		expect((await read(tinyAdapter({ deviation: 1e-30 }))).isZero).toBe(false);
	});

	it('reads weights that are spread over files', async () => {
		const adapter = await read(tinyAdapter({ shards: 3 }));
		expect(adapter.modules).toEqual((await read(tinyAdapter())).modules);
		expect(adapter.paths).toHaveLength(5);
		expect(adapter.paths).toContain(indexPath);
	});

	it('finds the one adapter in the folder above', async () => {
		const files = [...tinyAdapter()].map(([path, bytes]) => [`run/last/${path}`, bytes] as const);
		const adapter = await read(new Map([...files, ['run/log.txt', new Uint8Array(3)]]));
		expect(adapter.paths).toEqual(['adapter_config.json', weightsPath]);
	});

	it.each([
		['another prefix', 'model.layers.0.self_attn.q_proj', '.weight'],
		["the adapter's name", query, '.default.weight']
	])('takes names with %s', async (_, name, ending) => {
		const adapter = await read(
			withTensors(
				tensor(`${name}.lora_A${ending}`, [4, 64]),
				tensor(`${name}.lora_B${ending}`, [64, 4])
			)
		);
		expect(adapter.modules[0]?.module).toBe('model.layers.0.self_attn.q_proj');
	});

	it('tells the same without its numbers', async () => {
		const files = tinyAdapter({ ranks: { q_proj: 2 } });
		const { modules, ...facts } = await read(files);
		const inspected = await inspectPeft(memoryModelFiles(files));
		expect(inspected).toEqual({
			...facts,
			modules: modules.map(({ module, rank, inSize, outSize }) => ({
				module,
				rank,
				inSize,
				outSize
			}))
		});
	});

	it('stops when it is told to', async () => {
		const files = memoryModelFiles(tinyAdapter());
		await expect(readPeft(files, AbortSignal.abort())).rejects.toMatchObject({ code: 'cancelled' });
	});
});

describe('an adapter that is none', () => {
	const a = tensor(`${query}.lora_A.weight`, [4, 64]);
	const b = tensor(`${query}.lora_B.weight`, [64, 4]);

	it.each<[string, ModelFileMap, string]>([
		['nothing', new Map(), 'adapter_config.json is missing'],
		['no configuration', withFile(tinyAdapter(), 'adapter_config.json'), 'is missing'],
		['no weights', withFile(tinyAdapter(), weightsPath), `${weightsPath} is missing`],
		['no tensors', withTensors(), 'holds no weights'],
		['half a module', withTensors(a), 'only one of its two halves, lora_A'],
		['the other half', withTensors(b), 'only one of its two halves, lora_B'],
		[
			'a module twice',
			withTensors(a, b, { ...a, name: `${query}.lora_A.default.weight` }),
			'twice'
		],
		['halves of two ranks', withTensors(a, { ...b, ...tensor(b.name, [64, 8]) }), '4 and 8'],
		['rank 0', withTensors(tensor(a.name, [0, 64]), tensor(b.name, [64, 0])), 'rank 0'],
		['no width', withTensors(tensor(a.name, [4, 0]), b), 'rank 0'],
		['another rank than told', adapterFiles(tinyAdapterConfig({ rank: 8 }), [a, b]), 'says 8'],
		['an endless scale', tinyAdapter({ alpha: 1e300 }), 'far too large'],
		['other tensors', withTensors(a, b, tensor('lora_up.weight', [2])), 'no part of a LoRA'],
		['a module without a name', withTensors(tensor('.lora_A.weight', [4, 64])), 'no part of'],
		['a name with blanks', withTensors(tensor('a b.lora_A.weight', [4, 64])), 'no part of']
	])('is refused for %s', async (_, files, words) => {
		await expect(read(files)).rejects.toMatchObject({
			code: 'adapter/not-peft',
			message: expect.stringContaining(words) as string
		});
	});

	it('is refused where there are two of them', async () => {
		const two = ['one', 'two'].flatMap((folder) =>
			[...tinyAdapter()].map(([path, bytes]) => [`${folder}/${path}`, bytes] as const)
		);
		await expect(read(new Map(two))).rejects.toMatchObject({
			code: 'adapter/not-peft',
			message: expect.stringContaining('choose the folder') as string
		});
	});

	it.each([
		['model.embed_tokens.lora_embedding_A', 'word embeddings'],
		[`${query.slice(17)}.lora_magnitude_vector`, 'DoRA'],
		[`${query.slice(17)}.lora_magnitude_vector.weight`, 'DoRA'],
		[`${query.slice(17)}.base_layer.bias`, 'biases'],
		[`${query.slice(17)}.lora_B.bias`, 'biases'],
		['lm_head.weight', 'whole retrained layers (lm_head.weight)'],
		['lm_head.base_layer.weight', 'a layer of the base model beside the LoRA of it (lm_head.'],
		['model.embed_tokens.weight', 'whole retrained layers']
	])('is refused by name for %s', async (name, what) => {
		const files = withTensors(a, b, tensor(`base_model.model.${name}`, [4]));
		await expect(read(files)).rejects.toMatchObject({
			code: 'adapter/unsupported',
			details: { what: expect.stringContaining(what) as string }
		});
	});

	it('is refused by name for layers that are not linear', async () => {
		const files = withTensors(tensor(a.name, [4, 64, 1, 1]), b);
		await expect(read(files)).rejects.toMatchObject({ code: 'adapter/unsupported' });
	});

	it.each(['adapter_model.bin', 'adapter_model.pt', 'adapter_model-00001-of-00002.bin'])(
		'is refused as %s, which could run code, with the way out',
		async (name) => {
			const files = withFile(withFile(tinyAdapter(), weightsPath), name, new Uint8Array(8));
			const error: unknown = await read(files).catch((thrown: unknown) => thrown);
			expect(error).toMatchObject({
				code: 'adapter/unsupported',
				details: {
					what: expect.stringContaining('can run any code') as string,
					instead: expect.stringContaining('safetensors') as string
				}
			});
		}
	);

	it.each([
		[Number.NaN, 'F32'],
		[Number.POSITIVE_INFINITY, 'F32'],
		[Number.NEGATIVE_INFINITY, 'F16'],
		[Number.NaN, 'BF16'],
		[1e9, 'F16']
	] as const)('is refused by name for %d in %s', async (value, dtype) => {
		const tensors = tinyAdapterTensors({ dtype });
		const hit = tensors[6];
		hit!.values[hit!.values.length - 1] = value;
		await expect(read(adapterFiles(tinyAdapterConfig(), tensors))).rejects.toMatchObject({
			code: 'adapter/not-finite',
			details: { module: 'model.layers.1.self_attn.v_proj' }
		});
	});
});

describe('a list of files', () => {
	const sharded = tinyAdapter({ shards: 2 });
	const shard = 'adapter_model-00001-of-00002.safetensors';

	function listing(weightMap: unknown): ModelFileMap {
		return withFile(sharded, indexPath, jsonBytes({ weight_map: weightMap as never }));
	}

	it.each([
		['no list', undefined],
		['an empty name', { a: '' }],
		['a file elsewhere', { a: '../adapter_model.safetensors' }],
		['an address', { a: 'https://example.org/adapter_model.safetensors' }],
		['a file in a folder', { a: 'more/adapter_model.safetensors' }],
		['files of another kind', { a: 'adapter_model.bin' }],
		['too little', { [`${query}.lora_A.weight`]: shard }],
		[
			'a thousand files',
			Object.fromEntries(
				Array.from({ length: 1000 }, (_, at) => [`t${at}`, `adapter_model-${at}.safetensors`])
			)
		]
	])('is refused with %s', async (_, weightMap) => {
		await expect(read(listing(weightMap))).rejects.toMatchObject({ code: 'adapter/unreadable' });
	});

	it('is refused when it tells of tensors that are not there', async () => {
		const index = JSON.parse(new TextDecoder().decode(sharded.get(indexPath))) as {
			weight_map: Record<string, string>;
		};
		const files = listing({ ...index.weight_map, more: shard });
		await expect(read(files)).rejects.toMatchObject({ code: 'adapter/unreadable' });
	});

	it('is refused without one of its files', async () => {
		await expect(read(withFile(sharded, shard))).rejects.toMatchObject({
			code: 'adapter/not-peft',
			message: expect.stringContaining(shard) as string
		});
	});
});

describe('hostile bytes', () => {
	const files = withTensors(
		tensor(`${query}.lora_A.weight`, [4, 2]),
		tensor(`${query}.lora_B.weight`, [3, 4])
	);
	const weights = files.get(weightsPath)!;

	it('are refused wherever the file is cut off', async () => {
		for (let bytes = 0; bytes < weights.byteLength; bytes++)
			await expect(
				read(withFile(files, weightsPath, weights.slice(0, bytes)))
			).rejects.toMatchObject({ code: 'adapter/unreadable' });
	});

	it('are refused wherever the configuration is cut off', async () => {
		const config = files.get('adapter_config.json')!;
		for (let bytes = 0; bytes < config.byteLength; bytes++)
			await expect(
				read(withFile(files, 'adapter_config.json', config.slice(0, bytes)))
			).rejects.toMatchObject({ code: 'adapter/unreadable' });
	});

	it('are read or refused, never more than that, whatever byte is changed', async () => {
		const random = seededRandom(7);
		const whole = (below: number): number => Math.abs(Math.floor(random() * 1e6)) % below;
		let refusals = 0;
		for (let run = 0; run < 1500; run++) {
			const path = run % 4 === 0 ? 'adapter_config.json' : weightsPath;
			const bytes = files.get(path)!.slice();
			for (let flips = 1 + whole(3); flips > 0; flips--)
				bytes[whole(bytes.byteLength)] = whole(256);
			try {
				const { modules } = await read(withFile(files, path, bytes));
				expect(modules).toHaveLength(1);
			} catch (error) {
				expect(error).toBeInstanceOf(AppError);
				expect((error as AppError).code).toMatch(
					/^adapter\/(unreadable|not-peft|unsupported|not-finite)$/
				);
				refusals++;
			}
		}
		expect(refusals).toBeGreaterThan(300);
	});

	it('are refused behind the end of the file', async () => {
		const liar = memoryModelFiles(files);
		const longer = {
			paths: liar.paths,
			open: async (path: string) => {
				const file = await liar.open(path);
				return file && { ...file, bytes: file.bytes - 1 };
			}
		};
		await expect(readPeft(longer)).rejects.toMatchObject({ code: 'adapter/unreadable' });
	});

	it('cannot claim more memory than the file has bytes', async () => {
		const shape = [4, 2 ** 30];
		const header = JSON.stringify({
			[`${query}.lora_A.weight`]: { dtype: 'F32', shape, data_offsets: [0, 2 ** 34] }
		});
		const huge = rawSafetensors(header, new Uint8Array(16));
		await expect(read(withFile(files, weightsPath, huge))).rejects.toMatchObject({
			code: 'adapter/unreadable',
			message: expect.stringContaining('beyond its end') as string
		});
	});

	it('are refused above the memory of a browser, before any number is read', async () => {
		const shape = [4, 2 ** 27 + 1];
		const bytes = 2 * 4 * (2 ** 27 + 1);
		const header = JSON.stringify({
			[`${query}.lora_A.weight`]: { dtype: 'F16', shape, data_offsets: [0, bytes] },
			[`${query}.lora_B.weight`]: { dtype: 'F16', shape: [1, 4], data_offsets: [bytes, bytes + 8] }
		});
		const start = rawSafetensors(header, new Uint8Array(0));
		const huge = memoryModelFiles(withFile(files, weightsPath, start));
		const claiming = {
			paths: huge.paths,
			open: async (path: string) => {
				const file = await huge.open(path);
				return file && path === weightsPath ? { ...file, bytes: file.bytes + bytes + 8 } : file;
			}
		};
		await expect(readPeft(claiming)).rejects.toMatchObject({
			code: 'adapter/not-peft',
			message: expect.stringContaining('2 GiB') as string
		});
	});
});
