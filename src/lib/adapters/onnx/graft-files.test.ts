import { describe, expect, it } from 'vitest';
import type { ModelFileMap } from '../../../../tests/fixtures/tiny-models/model-file-map.ts';
import {
	buildTinyLlama,
	type TinyLlamaOptions
} from '../../../../tests/fixtures/tiny-models/tiny-llama.ts';
import { memoryModelFiles } from '../../testing/memory-model-files.ts';
import { randomLora } from '../../testing/random-lora.ts';
import { readAll } from '../../testing/read-all.ts';
import type { AdaptedFiles } from '../adapted-files.ts';
import type { AppliedAdapter } from '../applied-adapter.ts';
import type { ModelFiles } from '../model-files.ts';
import { graftFiles } from './graft-files.ts';
import { scanGraph } from './scan-graph.ts';

const graphPath = 'onnx/model.onnx';

async function graft(
	options: TinyLlamaOptions | ModelFileMap = {},
	adapters: readonly AppliedAdapter[] = [randomLora()]
): Promise<AdaptedFiles> {
	const files = options instanceof Map ? options : buildTinyLlama(options as TinyLlamaOptions);
	return graftFiles(memoryModelFiles(files, 1000), adapters, 'Tiny Llama');
}

/** The whole file, which must be as long as it said. */
async function read(files: ModelFiles, path: string): Promise<Uint8Array<ArrayBuffer>> {
	const file = await files.open(path);
	const bytes = await readAll(file!.body);
	expect(bytes.byteLength).toBe(file!.bytes);
	return bytes;
}

describe('graftFiles', () => {
	it('puts three operations behind each layer, and what reads its result reads theirs', async () => {
		const adapter = randomLora({ layers: ['q_proj'] });
		const { files, matches } = await graft({}, [adapter]);
		expect(matches).toEqual([{ adapter: adapter.id, matched: 2, of: 2 }]);
		const before = await scanGraph((await memoryModelFiles(buildTinyLlama()).open(graphPath))!, '');
		const { nodes, tensors } = await scanGraph((await files.open(graphPath))!, '');
		expect(nodes).toHaveLength(before.nodes.length + 6);
		const at = nodes.findIndex(({ name }) => name === '/model/layers.0/self_attn/q_proj/MatMul');
		const result = '/model/layers.0/self_attn/q_proj/MatMul_output_0';
		const [base, down, up, sum] = nodes.slice(at, at + 4);
		expect(base?.outputs[0]?.name).toBe('/lora_branch.0/base');
		expect(down?.inputs).toEqual([base?.inputs[0], '/lora_branch.0/A']);
		expect(up?.inputs).toEqual([down?.outputs[0]?.name, '/lora_branch.0/B']);
		expect(sum?.inputs).toEqual(['/lora_branch.0/base', up?.outputs[0]?.name]);
		expect(sum?.outputs[0]?.name).toBe(result);
		expect(nodes.filter(({ inputs }) => inputs.includes(result))).toHaveLength(1);
		expect(tensors.get('/lora_branch.0/A')).toEqual({ dims: [64, 4], type: 1 });
		expect(tensors.get('/lora_branch.1/B')).toEqual({ dims: [4, 64], type: 1 });
	});

	it('leaves every weight of the base where it is', async () => {
		const { files } = await graft();
		const [base, grafted] = [buildTinyLlama().get(graphPath)!, await read(files, graphPath)];
		const embeddings = base.subarray(20_000, 40_000);
		const found = Buffer.from(grafted).indexOf(embeddings);
		expect(found).toBeGreaterThan(20_000);
		expect(Buffer.from(grafted).indexOf(embeddings, found + 1)).toBe(-1);
		const data = await read(files, `${graphPath}_data`);
		const perBlock = [128, 96, 96, 128, 192, 192, 192].reduce((sum, sizes) => sum + sizes, 0);
		expect(data.byteLength).toBe(2 * 4 * 4 * perBlock);
		expect(grafted.byteLength - base.byteLength).toBeLessThan(10_000);
	});

	it('gives the same bytes each time they are read', async () => {
		const { files } = await graft({ style: { format: 'q4f16' } });
		for (const path of ['onnx/model_q4f16.onnx', 'onnx/model_q4f16.onnx_data'])
			expect(await read(files, path)).toEqual(await read(files, path));
	});

	it.each([
		['fp32', '', false, 'onnx/model.onnx_data'],
		['fp32', '', true, 'onnx/model.onnx_data_1'],
		['fp16', '_fp16', false, 'onnx/model_fp16.onnx_data'],
		['fp16', '_fp16', true, 'onnx/model_fp16.onnx_data_1'],
		['q4', '_q4', true, 'onnx/model_q4.onnx_data_1'],
		['q4f16', '_q4f16', false, 'onnx/model_q4f16.onnx_data'],
		['q8', '_quantized', false, 'onnx/model_quantized.onnx_data']
	] as const)(
		'names its data as the runtime counts: %s, model%s.onnx, external data: %s',
		async (format, suffix, externalData, expected) => {
			const { files } = await graft({ style: { format }, externalData });
			expect(files.paths.at(-1)).toBe(expected);
			const text = Buffer.from(await read(files, `onnx/model${suffix}.onnx`)).toString('latin1');
			expect(text).toContain(expected.slice('onnx/'.length));
			// Halves for 16-bit layers.
			const bytes = format.endsWith('16') ? 16_384 : 32_768;
			expect((await read(files, expected)).byteLength).toBe(bytes);
		}
	);

	it('counts on behind several files of data', async () => {
		const files = new Map(buildTinyLlama({ externalData: true }));
		files.set(`${graphPath}_data_1`, new Uint8Array(4));
		expect((await graft(files)).files.paths.at(-1)).toBe(`${graphPath}_data_2`);
	});

	it('hands on all other files, and knows no others', async () => {
		const { files } = await graft();
		expect(await read(files, 'config.json')).toEqual(buildTinyLlama().get('config.json'));
		expect(await files.open('onnx/other.onnx')).toBeUndefined();
	});

	it('changes nothing without adapters, or at strength 0', async () => {
		const files = memoryModelFiles(buildTinyLlama());
		expect(await graftFiles(files, [], 'Tiny Llama')).toEqual({ files, matches: [] });
		const silent = await graftFiles(files, [randomLora({ strength: 0 })], 'Tiny Llama');
		expect(silent.files).toBe(files);
		expect(silent.matches).toMatchObject([{ matched: 14, of: 14 }]);
	});

	it.each([{ style: { names: 'genai' } }, { style: { names: 'genai', packed: true } }] as const)(
		'finds all modules whatever the export: %o',
		async (options) => {
			expect((await graft(options)).matches).toMatchObject([{ matched: 14, of: 14 }]);
		}
	);

	it('refuses what 16-bit numbers cannot hold, and takes it with less strength or in 32 bits', async () => {
		const adapter = randomLora({ layers: ['q_proj'] });
		const [first, ...others] = adapter.modules;
		const huge = { ...adapter, modules: [{ ...first!, scale: 1e9 }, ...others] };
		const half: TinyLlamaOptions = { style: { format: 'fp16' } };
		await expect(graft(half, [huge])).rejects.toMatchObject({
			code: 'adapter/engine',
			details: { adapter: adapter.id, reason: expect.stringContaining(first!.module) as string }
		});
		expect((await graft(half, [{ ...huge, strength: 1e-8 }])).matches).toHaveLength(1);
		expect((await graft({}, [huge])).matches).toHaveLength(1);
	});

	it('does not take a name that the graph has', async () => {
		const once = await graft();
		const twice = await graftFiles(once.files, [randomLora({ seed: 2 })], 'Tiny Llama');
		const { tensors } = await scanGraph((await twice.files.open(graphPath))!, '');
		expect(tensors.has('/lora_branch.0/A') && tensors.has('/another/lora_branch.0/A')).toBe(true);
		expect(twice.files.paths.slice(-2)).toEqual([`${graphPath}_data`, `${graphPath}_data_1`]);
	});

	it.each([
		[['config.json'], 'it has no ONNX graph'],
		[['onnx/a.onnx', 'onnx/b.onnx'], 'it is made of several graphs']
	])('refuses a model of other files: %j', async (paths, reason) => {
		const files = new Map(paths.map((path) => [path, new Uint8Array(1)]));
		await expect(graft(files)).rejects.toMatchObject({
			code: 'adapter/engine',
			message: expect.stringContaining(reason) as string
		});
	});

	it('says that the graph has gone', async () => {
		const files = { paths: [graphPath], open: () => Promise.resolve(undefined) };
		const grafting = graftFiles(files, [randomLora()], 'Tiny Llama');
		await expect(grafting).rejects.toMatchObject({ code: 'storage/missing' });
	});

	it.each([null, '{"num_attention_heads": 3', '[]'])(
		'needs the sizes in config.json for packed layers: %s',
		async (config) => {
			const files = new Map(buildTinyLlama({ style: { packed: true } }));
			if (config === null) files.delete('config.json');
			else files.set('config.json', new TextEncoder().encode(config));
			await expect(graft(files)).rejects.toMatchObject({ code: 'adapter/engine' });
		}
	);
});
