import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { EntryId } from '../../src/lib/core/ids.ts';
import { webLlmAbi } from '../../src/lib/engines/webllm/web-llm-abi.ts';
import type { CatalogEntry } from '../../src/lib/library/catalog/catalog-entry.ts';
import { startFakeHub, type FakeHub } from '../fixtures/fake-hub/fake-hub.ts';
import { wordPieces, wordPieceTokenizer } from '../fixtures/tiny-models/wordpiece-tokenizer.ts';
import { libraryMetadata, type LibraryMetadata } from './library-metadata.ts';
import { madeUpWeights } from './made-up-weights.ts';

/** A model that is published on a hub of this machine, and the entry that offers it. */
export interface ModelUnderTest {
	readonly entry: CatalogEntry;
	readonly hubUrl: string;
}

let running: Promise<{ readonly model: ModelUnderTest; readonly hub: FakeHub } | null> | undefined;

/** Null without `WEBLLM_TEST_LIB`. Published once, at the first call. */
export async function modelUnderTest(): Promise<ModelUnderTest | null> {
	running ??= publish(process.env.WEBLLM_TEST_LIB, process.env.WEBLLM_TEST_MODEL);
	return (await running)?.model ?? null;
}

/** How often the hub has been asked for anything. */
export async function hubRequests(): Promise<number> {
	return (await running)?.hub.requests.length ?? 0;
}

export async function closeHub(): Promise<void> {
	await (await running)?.hub.close();
}

async function publish(library: string | undefined, weights: string | undefined) {
	if (!library) return null;
	const wasm = readFileSync(library);
	const metadata = libraryMetadata(wasm);
	const files = weights ? filesOf(weights) : madeUpFiles(metadata);
	const name = basename(library);
	const repository = 'acme/under-test';
	const commit = createHash('sha1').update(wasm).digest('hex');
	const hub = await startFakeHub({
		repositories: [{ repository, commit, files: new Map([...files, [name, wasm]]) }]
	});
	const embeds = metadata.model_type.includes('bert');
	const paths = [...files.keys(), name];
	const entry: CatalogEntry = {
		id: 'under-test' as EntryId,
		...{ name: 'Model under test', family: 'Test', summary: 'Tries a library.', engine: 'webllm' },
		tasks: [embeds ? 'embed' : 'generate'],
		...{ parameters: null, dtype: metadata.quantization, licence: null, needs: [], replaces: [] },
		contextTokens: Math.min(4096, metadata.context_window_size),
		embedding: embeds
			? {
					dims: metadata.params[0]?.shape.at(-1) ?? 0,
					...{ pooling: 'cls', normalise: true, maxTokens: metadata.prefill_chunk_size },
					prefixes: { query: '', passage: '' }
				}
			: null,
		...{ source: { host: 'huggingface', repository }, revision: commit, integrity: 'publisher' },
		files: paths.map((path) => ({ path, url: null, bytes: null, sha256: null })),
		// A library of an older version says so in its name.
		modelLibrary: { abi: /v\d+_\d+_\d+/.exec(name)?.[0] ?? webLlmAbi, path: name }
	};
	return { model: { entry, hubUrl: hub.url }, hub };
}

function filesOf(folder: string): Map<string, Uint8Array> {
	const read = /\.(json|bin|model)$/;
	const paths = readdirSync(folder).filter((path) => read.test(path));
	return new Map(paths.map((path) => [path, readFileSync(join(folder, path))]));
}

function madeUpFiles(metadata: LibraryMetadata): Map<string, Uint8Array> {
	const { tokenizer } = wordPieceTokenizer(wordPieces(), metadata.prefill_chunk_size);
	const config = {
		model_type: metadata.model_type,
		quantization: metadata.quantization,
		context_window_size: metadata.context_window_size,
		prefill_chunk_size: metadata.prefill_chunk_size,
		sliding_window_size: metadata.sliding_window_size ?? -1,
		attention_sink_size: metadata.attention_sink_size ?? -1,
		vocab_size: metadata.params.find(({ name }) => name.includes('embed'))?.shape[0] ?? 0,
		...{ temperature: 1, top_p: 1, repetition_penalty: 1, frequency_penalty: 0 },
		...{ presence_penalty: 0, bos_token_id: 2, tokenizer_files: ['tokenizer.json'] },
		tokenizer_info: {
			...{ token_postproc_method: 'raw', prepend_space_in_encode: false },
			strip_space_in_decode: false
		},
		conv_template: {
			...{ name: 'test', system_template: '{system_message}', system_message: '' },
			roles: { user: 'user', assistant: 'assistant', tool: 'tool' },
			...{ seps: ['\n'], stop_str: [], stop_token_ids: [3] }
		}
	};
	return madeUpWeights(metadata.params)
		.set('mlc-chat-config.json', Buffer.from(JSON.stringify(config)))
		.set('tokenizer.json', Buffer.from(JSON.stringify(tokenizer)));
}
