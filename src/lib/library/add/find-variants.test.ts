import { describe, expect, test } from 'vitest';

import {
	changed,
	chatModel,
	localFiles,
	mlcEntry,
	mlcModel,
	searchModel,
	type SampleFiles
} from '../../testing/sample-repositories.ts';
import { findVariants } from './find-variants.ts';
import { localView } from './local-view.ts';
import { modelLibrariesOf } from './model-libraries.ts';

const libraries = modelLibrariesOf([mlcEntry]);

function find(files: SampleFiles, title = 'owner/some-model', view = {}) {
	const local = localView(localFiles(files), title);
	return findVariants({ ...local, ...view }, libraries, new AbortController().signal);
}

async function entryOf(files: SampleFiles, dtype: string, title?: string) {
	const { variants } = await find(files, title);
	return variants.find(({ entry }) => entry.dtype === dtype)?.entry;
}

const pathsOf = (entry: Awaited<ReturnType<typeof entryOf>>) => entry?.files.map((f) => f.path);

describe('an embedding model in ONNX format', () => {
	test('has a variant for each quantisation, largest first, and q8 is recommended', async () => {
		const { variants, assumptions } = await find(searchModel);
		expect(variants.map(({ entry, recommended }) => [entry.dtype, recommended])).toEqual([
			['fp32', false],
			['fp16', false],
			['q8', true]
		]);
		expect(assumptions).toEqual([]);
	});

	test('lists exactly the files that its engine reads, with their sizes', async () => {
		const { variants } = await find(searchModel);
		const q8 = variants.at(-1);
		expect(pathsOf(q8?.entry)).toEqual([
			'config.json',
			'tokenizer.json',
			'tokenizer_config.json',
			'onnx/model_quantized.onnx'
		]);
		expect(q8?.entry.files.at(-1)).toEqual({
			path: 'onnx/model_quantized.onnx',
			url: null,
			bytes: 1100,
			sha256: null
		});
		expect(q8?.bytes).toBe(q8?.entry.files.reduce((sum, file) => sum + (file.bytes ?? 0), 0));
	});

	test('is described by its own settings', async () => {
		expect(await entryOf(searchModel, 'q8')).toMatchObject({
			id: 'local-owner-some-model-q8',
			name: 'some-model (q8)',
			engine: 'transformers',
			tasks: ['embed'],
			contextTokens: 256,
			embedding: {
				dims: 384,
				pooling: 'mean',
				prefixes: { query: 'ask: ', passage: 'text: ' },
				normalise: true,
				maxTokens: 256
			}
		});
	});

	test('of the hub names its repository, its commit and its licence', async () => {
		const source = { host: 'huggingface', repository: 'owner/some-model' };
		const licence = { name: 'mit', url: 'https://huggingface.co/owner/some-model' };
		const { variants } = await find(searchModel, 'owner/some-model', {
			...{ source, licence, revision: 'f'.repeat(40) }
		});
		expect(variants[0]?.entry).toMatchObject({
			...{ id: 'hf-owner-some-model-fp32', source, licence, revision: 'f'.repeat(40) },
			integrity: 'publisher'
		});
	});

	const bare = changed(searchModel, {
		'modules.json': null,
		'1_Pooling/config.json': null,
		'sentence_bert_config.json': null,
		'config_sentence_transformers.json': null,
		'tokenizer_config.json': { model_max_length: 1e30 }
	});

	test('says in whole sentences what it had to assume', async () => {
		const silent = changed(bare, {
			'config.json': { model_type: 'bert', hidden_size: 32 }
		});
		const { variants, assumptions } = await find(silent);
		expect(variants[0]?.entry.embedding).toMatchObject({ pooling: 'mean', maxTokens: 512 });
		expect(assumptions).toEqual([
			'config.json names no task; bert models are taken to embed.',
			'The model does not say how it pools; mean is assumed, as for most.',
			'The model names no words to put before questions or passages; none are assumed.',
			'The model does not say how long a text may be; 512 tokens are assumed.'
		]);
	});

	test('is known by its name when its copy leaves out how it is used', async () => {
		const { variants, assumptions } = await find(bare, 'Xenova/bge-small-en-v1.5');
		expect(variants[0]?.entry.embedding).toMatchObject({
			pooling: 'cls',
			prefixes: { query: 'Represent this sentence for searching relevant passages: ', passage: '' }
		});
		expect(assumptions).toEqual([
			'The model does not say how it pools; the first token is taken, as by all of BGE.',
			'Its prefixes for questions and passages are those of BGE.'
		]);
		const e5 = await entryOf(bare, 'q8', 'Xenova/multilingual-e5-small');
		expect(e5?.embedding?.prefixes).toEqual({ query: 'query: ', passage: 'passage: ' });
	});

	test('may have vectors that its graph has pooled', async () => {
		const { variants, assumptions } = await find(bare, 'a/embeddinggemma-300m-ONNX');
		expect(variants[0]?.entry.embedding).toMatchObject({
			pooling: 'none',
			prefixes: { passage: 'title: none | text: ' }
		});
		expect(assumptions[0]).toContain('what its graph has pooled is taken');
	});

	test.each([
		[{ pooling_mode_cls_token: true, pooling_mode_mean_tokens: false }, 'cls'],
		[{ pooling_mode_lasttoken: true }, 'last'],
		[{ pooling_mode: 'mean' }, 'mean']
	])('pools as its settings %j say', async (pooling, expected) => {
		const entry = await entryOf(changed(searchModel, { '1_Pooling/config.json': pooling }), 'q8');
		expect(entry?.embedding?.pooling).toBe(expected);
	});

	test('with a layer after pooling has vectors of that width, finished by its graph', async () => {
		const dense = changed(searchModel, {
			'modules.json': [{ path: '2_Dense', type: 'sentence_transformers.models.Dense' }],
			'2_Dense/config.json': { in_features: 384, out_features: 128 }
		});
		const { variants, assumptions } = await find(dense);
		expect(variants[0]?.entry.embedding).toMatchObject({ dims: 128, pooling: 'none' });
		expect(assumptions[0]).toContain('finished vector');
	});

	test('of the RoBERTa kind keeps two positions for itself', async () => {
		const config = { model_type: 'xlm-roberta', hidden_size: 8, max_position_embeddings: 514 };
		const entry = await entryOf(changed(bare, { 'config.json': config }), 'q8');
		expect(entry?.embedding?.maxTokens).toBe(512);
	});

	test('is recognised by its name when it was made of a chat model', async () => {
		const config = { architectures: ['Qwen3ForCausalLM'], model_type: 'qwen3', hidden_size: 1024 };
		const files = changed(bare, { 'config.json': config });
		const { variants, assumptions } = await find(files, 'a/Qwen3-Embedding-0.6B-ONNX');
		expect(variants[0]?.entry.tasks).toEqual(['embed']);
		expect(assumptions).toContain('Its name says that it embeds; its configuration does not.');
	});
});

describe('a chat model in ONNX format', () => {
	test('is recommended in q4f16, or else in q4, or else in q8', async () => {
		const recommended = async (files: SampleFiles) =>
			(await find(files)).variants.find((variant) => variant.recommended)?.entry.dtype;
		expect(await recommended(chatModel)).toBe('q4f16');
		const without = changed(chatModel, { 'onnx/model_q4f16.onnx': null });
		expect(await recommended(without)).toBe('q4');
		const bytes = new Uint8Array(2000);
		const q8 = { 'onnx/model_q4.onnx': null, 'onnx/model_quantized.onnx': bytes };
		expect(await recommended(changed(without, q8))).toBe('q8');
	});

	test('keeps the data of a graph with that graph', async () => {
		expect(pathsOf(await entryOf(chatModel, 'fp32'))?.slice(-3)).toEqual([
			'onnx/model.onnx',
			'onnx/model.onnx_data',
			'onnx/model.onnx_data_1'
		]);
		expect(pathsOf(await entryOf(chatModel, 'q4f16'))).toEqual([
			'config.json',
			'tokenizer.json',
			'tokenizer_config.json',
			'generation_config.json',
			'onnx/model_q4f16.onnx'
		]);
	});

	test('takes data that its settings do not mention', async () => {
		const files = changed(chatModel, { 'onnx/model_q4.onnx_data': new Uint8Array(50).fill(1) });
		expect(pathsOf(await entryOf(files, 'q4'))?.at(-1)).toBe('onnx/model_q4.onnx_data');
	});

	test('leaves a quantisation out whose data are missing, and says so', async () => {
		const { variants, assumptions } = await find(
			changed(chatModel, { 'onnx/model.onnx_data_1': null })
		);
		expect(variants.map(({ entry }) => entry.dtype)).toEqual(['q4', 'q4f16']);
		expect(assumptions).toEqual(['fp32 is left out: onnx/model.onnx_data_1 is missing.']);
	});

	test('that thinks aloud gets the engine for that', async () => {
		const engine = async (title: string) => (await entryOf(chatModel, 'q4', title))?.engine;
		expect(await engine('a/DeepSeek-R1-Distill-Qwen-1.5B-ONNX')).toBe('deepseek');
		expect(await engine('a/Llama-3.2-1B')).toBe('transformers');
	});

	test('may bring its template in a file of its own', async () => {
		const files = changed(chatModel, {
			'tokenizer_config.json': {},
			'chat_template.jinja': '{{ messages }}'
		});
		expect(pathsOf(await entryOf(files, 'q4'))).toContain('chat_template.jinja');
	});

	test('may be an older export with another name', async () => {
		const files = changed(chatModel, {
			...{ 'onnx/model.onnx': null, 'onnx/model_q4.onnx': null, 'onnx/model_q4f16.onnx': null },
			'onnx/decoder_model_merged_quantized.onnx': new Uint8Array(3000)
		});
		expect(pathsOf(await entryOf(files, 'q8'))?.at(-1)).toBe(
			'onnx/decoder_model_merged_quantized.onnx'
		);
	});

	test.each([
		[{ max_position_embeddings: 4096 }, 4096, []],
		[{ n_positions: 1024 }, 1024, []],
		[
			{ max_position_embeddings: 131072 },
			8192,
			['It holds 131072 tokens; 8192 of them are used, to spare memory.']
		],
		[{}, 2048, ['The model does not say how much text it holds; 2048 tokens are assumed.']]
	])('that says %j uses %i tokens', async (says, tokens, expected) => {
		const config = { architectures: ['GPT2LMHeadModel'], model_type: 'gpt2', ...says };
		const { variants, assumptions } = await find(changed(chatModel, { 'config.json': config }));
		expect(variants[0]?.entry.contextTokens).toBe(tokens);
		expect(assumptions).toEqual(expected);
	});
});

describe('a model in MLC format', () => {
	const title = 'me/Qwen3-0.6B-tuned-q4f16_1-MLC';

	test('takes its compiled code from the catalog’s model of that name and quantisation', async () => {
		const { variants, assumptions } = await find(mlcModel, title);
		const [variant, ...others] = variants;
		expect(others).toEqual([]);
		expect(variant?.recommended).toBe(true);
		expect(variant?.entry).toMatchObject({
			...{ engine: 'webllm', dtype: 'q4f16_1', tasks: ['generate'], contextTokens: 4096 },
			modelLibrary: mlcEntry.modelLibrary
		});
		// The catalog has that library's file only for a model of the same name; here the name was changed.
		expect(variant?.entry.files.at(-1)).toEqual(mlcEntry.files[0]);
		expect(assumptions).toEqual([
			'It holds 40960 tokens; 4096 of them are used, to spare memory.',
			'It is run by the compiled code of Qwen3 0.6B; that works only if it has the same shape.'
		]);
	});

	test('lists its settings, its tokenizer and every part of its weights', async () => {
		expect(pathsOf(await entryOf(mlcModel, 'q4f16_1', title))?.slice(0, -1)).toEqual([
			'mlc-chat-config.json',
			'tokenizer.json',
			'tensor-cache.json',
			'params_shard_0.bin',
			'params_shard_1.bin'
		]);
	});

	test('may have the older list of weights', async () => {
		const files = changed(mlcModel, {
			'tensor-cache.json': null,
			'ndarray-cache.json': mlcModel['tensor-cache.json']!
		});
		expect(pathsOf(await entryOf(files, 'q4f16_1', title))).toContain('ndarray-cache.json');
	});

	test('may embed', async () => {
		const files = changed(mlcModel, {
			'mlc-chat-config.json': {
				...{ model_type: 'bert', quantization: 'q4f16_1', context_window_size: 512 },
				model_config: { hidden_size: 384 }
			}
		});
		const entry = await entryOf(files, 'q4f16_1', 'a/arctic-embed-of-Qwen3-0.6B');
		expect(entry).toMatchObject({
			tasks: ['embed'],
			embedding: { dims: 384, pooling: 'cls', maxTokens: 512 }
		});
	});
});

test('an abort before the first look ends it', async () => {
	const view = localView(localFiles(searchModel), 'a');
	await expect(findVariants(view, libraries, AbortSignal.abort())).rejects.toMatchObject({
		code: 'cancelled'
	});
});
