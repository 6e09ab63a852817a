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

const body = new Uint8Array(2000).fill(7);
const config = (says: SampleFiles[string]) => changed(searchModel, { 'config.json': says });
const bert = { architectures: ['BertModel'], model_type: 'bert', hidden_size: 8 };
const chat = (type: string, ...architectures: string[]) => ({ model_type: type, architectures });
const plain = { 'modules.json': null, '1_Pooling/config.json': null };
const noSearchFiles = changed(searchModel, {
	...plain,
	'sentence_bert_config.json': null,
	'config_sentence_transformers.json': null
});
const pointer = 'version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 9\n';

async function reasonOf(files: SampleFiles, title: string): Promise<unknown> {
	const view = localView(localFiles(files), title);
	const libraries = modelLibrariesOf([mlcEntry]);
	return findVariants(view, libraries, new AbortController().signal).then(
		() => 'it was taken for a model',
		(error: unknown) => error
	);
}

describe('a place without a usable model says exactly why', () => {
	test.each<[what: string, files: SampleFiles, reason: string]>([
		['an empty folder', {}, 'it is empty'],
		['a folder of other things', { 'a.txt': 'a' }, 'it has no config.json and no onnx folder'],
		[
			'PyTorch weights',
			{ 'config.json': bert, 'model.safetensors': body },
			'it has PyTorch weights only (model.safetensors), and no onnx folder'
		],
		[
			'older PyTorch weights',
			{ 'config.json': bert, 'pytorch_model.bin': body },
			'it has PyTorch weights only (pytorch_model.bin), and no onnx folder'
		],
		[
			'TensorFlow weights',
			{ 'config.json': bert, 'tf_model.h5': body },
			'it has TensorFlow weights only (tf_model.h5), and no onnx folder'
		],
		[
			'OpenVINO weights',
			{ 'openvino_model.xml': '<net/>', 'openvino_model.bin': body },
			'it has OpenVINO weights only (openvino_model.xml), and no onnx folder'
		],
		[
			'a GGUF file',
			{ 'llama-q4.gguf': body },
			'it is a GGUF file (llama-q4.gguf), which needs llama.cpp'
		],
		[
			'an adapter',
			{ 'adapter_config.json': {}, 'adapter_model.safetensors': body },
			'it is a LoRA adapter, not a whole model; see the Tuner'
		],
		['an archive', { 'model.zip': body }, 'it is an archive (model.zip); unpack it first'],
		['settings alone', { 'config.json': bert }, 'it has no weights: there is no onnx folder'],
		[
			'a graph outside of its folder',
			{ 'config.json': bert, 'model.onnx': body },
			'its ONNX file (model.onnx) is not in a folder named onnx'
		],
		[
			'data without a graph',
			{ 'config.json': bert, 'onnx/model.onnx_data': body },
			'its onnx folder has no .onnx file'
		],
		[
			'a graph of another name',
			changed(noSearchFiles, {
				...{ 'onnx/model.onnx': null, 'onnx/model_fp16.onnx': null },
				...{ 'onnx/model_quantized.onnx': null, 'onnx/network.onnx': body }
			}),
			'its onnx folder has no model.onnx, only network.onnx'
		],
		['no config.json', changed(searchModel, { 'config.json': null }), 'config.json is missing'],
		[
			'no tokenizer.json',
			changed(searchModel, { 'tokenizer.json': null }),
			'tokenizer.json is missing'
		],
		[
			'no tokenizer_config.json',
			changed(searchModel, { 'tokenizer_config.json': null }),
			'tokenizer_config.json is missing'
		],
		['a broken config.json', config('{"model_type": '), 'config.json is not JSON'],
		['a list as config.json', config(['BertModel']), 'config.json is not an object'],
		['an empty config.json', config({}), 'config.json names no architecture'],
		[
			'a huge config.json',
			config(new Uint8Array(4_000_001)),
			'config.json has 4.0 MB, too much for settings'
		],
		[
			'vectors of unknown length',
			config({ architectures: ['BertModel'] }),
			'config.json does not say how long its vectors are (hidden_size)'
		],
		[
			'a model of images',
			config({ ...chat('llava', 'LlavaForConditionalGeneration'), vision_config: {} }),
			'it works on images, and SAM on text alone'
		],
		[
			'a model of images that has other settings for them',
			changed(config(chat('beit', 'BeitModel')), { 'preprocessor_config.json': { size: 224 } }),
			'it works on images, and SAM on text alone'
		],
		[
			'a model of speech',
			config({ ...chat('whisper', 'WhisperForConditionalGeneration'), is_encoder_decoder: true }),
			'it works on speech, and SAM on text alone'
		],
		[
			'a translator',
			config({ ...chat('t5', 'T5ForConditionalGeneration'), is_encoder_decoder: true }),
			'it translates or sums up (T5ForConditionalGeneration); it neither chats nor embeds'
		],
		[
			'a classifier',
			config(chat('bert', 'BertForSequenceClassification')),
			'it rates or marks texts (BertForSequenceClassification) and gives no vectors'
		],
		[
			'an unknown architecture',
			changed(chatModel, { 'config.json': chat('rwkv', 'RwkvForCausalLM') }),
			'the architecture rwkv is not supported'
		],
		[
			'something else altogether',
			changed(noSearchFiles, { 'config.json': chat('x', 'XForProteinFolding') }),
			'the architecture XForProteinFolding is not supported'
		],
		[
			'no chat template',
			changed(chatModel, { 'tokenizer_config.json': {} }),
			'it has no chat template: it was not made to hold conversations'
		],
		[
			'data that are missing',
			changed(chatModel, {
				...{ 'onnx/model_q4.onnx': null, 'onnx/model_q4f16.onnx': null },
				'onnx/model.onnx_data': null
			}),
			'onnx/model.onnx_data, a part of onnx/model.onnx, is missing'
		],
		[
			'an unknown way to pool',
			changed(searchModel, { '1_Pooling/config.json': { pooling_mode_max_tokens: true } }),
			'it pools in a way that SAM does not know (max_tokens)'
		],
		[
			'a clone without Git LFS',
			changed(searchModel, { 'onnx/model_quantized.onnx': pointer }),
			'onnx/model_quantized.onnx is a pointer of Git LFS, not the file itself'
		],
		[
			'an empty file',
			changed(searchModel, { 'onnx/model_quantized.onnx': '' }),
			'onnx/model_quantized.onnx is empty'
		],
		[
			'MLC weights without settings',
			changed(mlcModel, { 'mlc-chat-config.json': null }),
			'mlc-chat-config.json is missing'
		],
		[
			'MLC weights without a list',
			changed(mlcModel, { 'tensor-cache.json': null }),
			'tensor-cache.json is missing'
		],
		[
			'MLC weights without a part',
			changed(mlcModel, { 'params_shard_1.bin': null }),
			'params_shard_1.bin is missing'
		],
		[
			'MLC weights without a tokenizer',
			changed(mlcModel, { 'tokenizer.json': null }),
			'tokenizer.json is missing'
		],
		[
			'MLC weights that no compiled code is known for',
			changed(mlcModel, {
				'mlc-chat-config.json': { model_type: 'qwen3', quantization: 'q0f16' }
			}),
			'it comes without compiled code, and SAM knows none for qwen3 in q0f16'
		]
	])('%s', async (_, files, reason) => {
		expect(await reasonOf(files, 'Qwen3-0.6B')).toMatchObject({
			code: 'add/not-a-model',
			details: { title: 'Qwen3-0.6B', reason }
		});
	});
});

test('compiled code is not taken from a model of another name', async () => {
	expect(await reasonOf(mlcModel, 'Llama-3.2-1B-q4f16_1-MLC')).toMatchObject({
		details: { reason: 'it comes without compiled code, and SAM knows none for qwen3 in q4f16_1' }
	});
});
