import type { ModelId, Sha256 } from '../core/ids.ts';
import type { ModelSpec, Task } from '../core/model-spec.ts';
import type { LoadRequest } from '../engines/engine-contract.ts';
import { webLlmAbi } from '../engines/webllm/web-llm-abi.ts';
import { memoryModelFiles } from './memory-model-files.ts';

const template = {
	system_template: 'SYSTEM {system_message}\n',
	system_message: '',
	role_templates: { user: '{user_message}', assistant: '{assistant_message}' },
	roles: { user: 'USER', assistant: 'ASSISTANT' },
	seps: ['\n'],
	stop_str: [],
	stop_token_ids: []
};

/** The files of a model in MLC format that a `FakeMlcEngine` can load, by path. A text replaces one; null leaves it out. */
export function fakeMlcFiles(
	task: Task,
	other: Readonly<Record<string, string | null>> = {}
): Map<string, Uint8Array<ArrayBuffer>> {
	const shards = ['params_shard_0.bin', 'params_shard_1.bin'];
	const special = (id: string) => ({ SpecialToken: { id, type_id: 0 } });
	const texts: Record<string, string | null> = {
		'mlc-chat-config.json': JSON.stringify({
			model_type: task === 'embed' ? 'bert' : 'llama',
			context_window_size: task === 'embed' ? 64 : 4096,
			prefill_chunk_size: 64,
			sliding_window_size: -1,
			tokenizer_files: ['tokenizer.json'],
			conv_template: template
		}),
		'tokenizer.json': JSON.stringify({
			padding: { strategy: { Fixed: 32 } },
			truncation: { max_length: 16 },
			post_processor: {
				type: 'TemplateProcessing',
				single: [special('[CLS]'), { Sequence: { id: 'A', type_id: 0 } }, special('[SEP]')],
				special_tokens: { '[CLS]': { ids: [1] }, '[SEP]': { ids: [2] } }
			}
		}),
		'tensor-cache.json': JSON.stringify({
			records: shards.map((dataPath) => ({ dataPath, records: [{ byteOffset: 0, nbytes: 1000 }] }))
		}),
		'model.wasm': 'compiled',
		...Object.fromEntries(shards.map((path) => [path, 'w'.repeat(1000)])),
		...other
	};
	const present = Object.entries(texts).filter(([, text]) => text !== null);
	return new Map(present.map(([path, text]) => [path, new TextEncoder().encode(text ?? '')]));
}

/** What loads these files, in pieces of 300 bytes. */
export function fakeMlcRequest(
	task: Task,
	files = fakeMlcFiles(task),
	rest: Partial<ModelSpec> = {}
): LoadRequest {
	const spec: ModelSpec = {
		id: `fake-mlc-${task}` as ModelId,
		name: 'Fake MLC',
		engine: 'webllm',
		revision: 'v1',
		tasks: [task],
		contextTokens: 512,
		dtype: 'q0f32',
		embedding:
			task === 'embed'
				? {
						...{ dims: 16, pooling: 'cls', normalise: true, maxTokens: 32 },
						prefixes: { query: 'find: ', passage: '' }
					}
				: null,
		files: [...files].map(([path, { byteLength }]) => ({
			...{ path, url: `https://hub.test/${path}`, bytes: byteLength },
			sha256: '0'.repeat(64) as Sha256
		})),
		modelLibrary: { abi: webLlmAbi, path: 'model.wasm' },
		...rest
	};
	return { spec, files: memoryModelFiles(files, 300), device: 'auto' };
}
