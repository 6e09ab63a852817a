import type { ErrorCode } from '../../core/error-code.ts';
import { AppError, toAppError } from '../../core/errors.ts';
import type { Json } from '../../core/json.ts';
import type { ModelSpec } from '../../core/model-spec.ts';
import { webLlmAbi } from './web-llm-abi.ts';

type Tell = readonly [telling: RegExp, code: ErrorCode];

/** Of the name and the words of an error, `name: message`. The runtime has few classes for them. First match wins. */
const tells: readonly Tell[] = [
	[
		/ContextWindowSizeExceededError|EmbeddingExceedContextWindowSizeError/,
		'engine/context-overflow'
	],
	[
		/^WebGPUNotAvailableError|^WebGPUNotFoundError|Unable to find a compatible GPU/,
		'engine/no-webgpu'
	],
	[
		/FeatureSupportError|ShaderF16SupportError|Cannot initialize runtime because of requested|required_features|maxStorageBufferBindingSize \d|exceeds the max buffer size/,
		'engine/gpu-too-small'
	],
	[
		/^LinkError|Cannot find \S+ in exports|Cannot find global function|Cannot find (VM )?function|(Invalid|Unsupported) (\S+ ABI|kv_state_kind)/,
		'engine/library-mismatch'
	],
	// Its advice is about memory; only the device itself knows.
	[/^DeviceLostError/, 'engine/device-lost'],
	[
		/out of memory|OutOfMemory|Cannot allocate \d+ bytes|Wasm allocation size|array buffer allocation failed|bad_alloc/i,
		'engine/out-of-memory'
	],
	[
		/ModelNotLoadedError|already been disposed|device\]? (was |is )?lost|lost.{0,20}device|device.{0,20}(hung|removed)|A valid external Instance reference no longer exists/i,
		'engine/device-lost'
	],
	[/GPUPipelineError|shader|compute ?pipeline|WGSL/i, 'engine/shader-failed'],
	[/Cannot fetch /, 'storage/missing'],
	[
		/^CompileError|^SyntaxError|[Tt]ensor-cache|Packed BF16|UnsupportedTokenizerFilesError|Window(Size)?\w*Error|EmbeddingChunking|AttentionSink|MinValueError|Missing ?Model|ArtifactManifestError|Invalid tensor|data size and shape mismatch|Expect the data's length|Cannot find (parameter|param)/,
		'engine/bad-model'
	]
];

/** An error of WebLLM in the app's terms; `otherwise` where neither its name nor its words say anything known. */
export function webLlmError(
	error: unknown,
	otherwise: ErrorCode,
	{ name, modelLibrary }: Pick<ModelSpec, 'name' | 'modelLibrary'>
): AppError {
	const plain = toAppError(error, otherwise);
	if (plain.code === 'cancelled' || error instanceof AppError) return plain;
	const reason = wordsOf(error);
	const kind = error instanceof Error ? `${error.name}: ${reason}` : reason;
	const code = tells.find(([telling]) => telling.test(kind))?.[1] ?? otherwise;
	const details: Readonly<Record<string, Json>> =
		code === 'engine/library-mismatch'
			? { name, has: modelLibrary?.abi ?? 'none', needs: webLlmAbi, reason }
			: { name, reason, what: reason, ...tokenCounts(reason) };
	return new AppError(code, { cause: error, details });
}

/** The first line of the words: the rest is advice to programmers. */
function wordsOf(error: unknown): string {
	const words = error instanceof Error ? error.message : String(error);
	return (words.split('\n', 1)[0] ?? '').replace(/\.$/, '');
}

function tokenCounts(words: string): Readonly<Record<string, number>> {
	const chat = /number of prompt tokens: (\d+); context window size: (\d+)/.exec(words);
	if (chat) return { promptTokens: Number(chat[1]), contextTokens: Number(chat[2]) };
	const text = /up to (\d+) context size.*has size (\d+)/.exec(words);
	return text ? { promptTokens: Number(text[2]), contextTokens: Number(text[1]) } : {};
}
