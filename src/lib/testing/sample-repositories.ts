import type { EntryId, Sha256 } from '../core/ids.ts';
import type { Json } from '../core/json.ts';
import type { LocalFile } from '../library/add/model-address.ts';
import type { CatalogEntry } from '../library/catalog/catalog-entry.ts';

/** Files by their path: a text, bytes, or what a JSON file says. */
export type SampleFiles = Readonly<Record<string, Json | Uint8Array<ArrayBuffer>>>;

const weights = (bytes: number): Uint8Array<ArrayBuffer> => new Uint8Array(bytes).fill(bytes % 251);

/** A small embedding model as it is published in ONNX format, complete. */
export const searchModel: SampleFiles = {
	'README.md': '# A model',
	'config.json': {
		architectures: ['BertModel'],
		model_type: 'bert',
		hidden_size: 384,
		max_position_embeddings: 512
	},
	'tokenizer.json': { model: {} },
	'tokenizer_config.json': { model_max_length: 512 },
	'modules.json': [
		{ idx: 0, path: '', type: 'sentence_transformers.models.Transformer' },
		{ idx: 1, path: '1_Pooling', type: 'sentence_transformers.models.Pooling' },
		{ idx: 2, path: '2_Normalize', type: 'sentence_transformers.models.Normalize' }
	],
	'1_Pooling/config.json': { pooling_mode_cls_token: false, pooling_mode_mean_tokens: true },
	'sentence_bert_config.json': { max_seq_length: 256 },
	'config_sentence_transformers.json': { prompts: { query: 'ask: ', document: 'text: ' } },
	'onnx/model.onnx': weights(4000),
	'onnx/model_fp16.onnx': weights(2000),
	'onnx/model_quantized.onnx': weights(1100)
};

/** A small chat model as it is published in ONNX format, complete. */
export const chatModel: SampleFiles = {
	'config.json': {
		architectures: ['LlamaForCausalLM'],
		model_type: 'llama',
		max_position_embeddings: 4096,
		'transformers.js_config': { use_external_data_format: { 'model.onnx': 2 } }
	},
	'generation_config.json': { eos_token_id: 2 },
	'tokenizer.json': { model: {} },
	'tokenizer_config.json': { chat_template: '{{ messages }}' },
	'onnx/model.onnx': weights(1200),
	'onnx/model.onnx_data': weights(8000),
	'onnx/model.onnx_data_1': weights(7000),
	'onnx/model_q4.onnx': weights(3000),
	'onnx/model_q4f16.onnx': weights(2000)
};

/** A small chat model in MLC format, as it is published. */
export const mlcModel: SampleFiles = {
	'mlc-chat-config.json': {
		model_type: 'qwen3',
		quantization: 'q4f16_1',
		context_window_size: 40960,
		model_config: { hidden_size: 1024 }
	},
	'tokenizer.json': { model: {} },
	'tokenizer_config.json': {},
	'tensor-cache.json': {
		records: [{ dataPath: 'params_shard_0.bin' }, { dataPath: 'params_shard_1.bin' }]
	},
	'params_shard_0.bin': weights(5000),
	'params_shard_1.bin': weights(3000)
};

/** The model of a catalog that `mlcModel` is a copy of. */
export const mlcEntry: CatalogEntry = {
	id: 'qwen3-0.6b-q4f16_1' as EntryId,
	name: 'Qwen3 0.6B',
	...{ family: 'Qwen3', summary: 'Chats.', engine: 'webllm', tasks: ['generate'] },
	...{ parameters: 600_000_000, dtype: 'q4f16_1', contextTokens: 4096, embedding: null },
	licence: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
	source: { host: 'huggingface', repository: 'mlc-ai/Qwen3-0.6B-q4f16_1-MLC' },
	...{ revision: 'main', integrity: 'publisher', needs: [], replaces: [] },
	files: [
		{
			path: 'Qwen3-0.6B-q4f16_1-webgpu.wasm',
			url: 'https://libs.test/Qwen3-0.6B-q4f16_1-webgpu.wasm',
			bytes: 5_000_000,
			sha256: 'c0'.repeat(32) as Sha256
		}
	],
	modelLibrary: { abi: 'v0_2_86/base', path: 'Qwen3-0.6B-q4f16_1-webgpu.wasm' }
};

/** Some files with changes: null takes a file away. */
export function changed(
	files: SampleFiles,
	changes: Readonly<Record<string, SampleFiles[string]>>
): SampleFiles {
	const entries = Object.entries({ ...files, ...changes });
	return Object.fromEntries(entries.filter(([, content]) => content !== null));
}

/** The files as a person's disk has them. */
export function localFiles(files: SampleFiles): LocalFile[] {
	return Object.entries(files).map(([path, content]) => {
		const name = path.slice(path.lastIndexOf('/') + 1);
		const plain = typeof content === 'string' || content instanceof Uint8Array;
		return { path, file: new File([plain ? content : JSON.stringify(content)], name) };
	});
}
