import {
	AutoModel,
	AutoModelForCausalLM,
	AutoTokenizer,
	type PreTrainedModel
} from '@huggingface/transformers';
import { AppError } from '../../core/errors.ts';
import type { ChatMessage } from '../../core/generation.ts';
import { newId } from '../../core/ids.ts';
import type { CallContext, LoadRequest, ModelFiles } from '../engine-contract.ts';
import { LoadProgress } from '../load-progress.ts';
import { ChatModel } from './chat-model.ts';
import { ChatPrompt } from './chat-prompt.ts';
import { configureRuntime } from './configure-runtime.ts';
import { EmbeddingModel } from './embedding-model.ts';
import { FileCache } from './file-cache.ts';
import { gpuLoss } from './gpu-loss.ts';
import { graphOptions } from './graph-options.ts';

export interface LoadedModels {
	readonly chat: ChatModel | null;
	readonly embedding: EmbeddingModel | null;
	/** Resolves when the device is lost that they compute on, also when they have given it back themselves. */
	readonly lost: Promise<void>;
}

/**
 * Loads what the spec's tasks need, from the request's files alone. Rejects as soon as the signal aborts; what
 * the runtime still finishes afterwards is given back.
 */
export async function loadModels(
	request: LoadRequest,
	device: 'wasm' | 'webgpu',
	{ signal, onProgress }: CallContext
): Promise<LoadedModels> {
	const progress = new LoadProgress(request.spec.files, onProgress);
	// The runtime remembers per name what it found and did not find: a fresh name each time starts clean.
	const name = `model-${newId()}`;
	const files = new FileCache(name, request.files, (path, bytes) => progress.read(path, bytes));
	configureRuntime(files, device, request.threads);
	const loading = loadAll(request, device, name);
	const aborted = abortion(signal);
	try {
		return await Promise.race([loading, files.failure, aborted.promise]);
	} catch (error) {
		loading.then(disposeModels, () => undefined);
		throw error;
	} finally {
		aborted.forget();
	}
}

export async function disposeModels({ chat, embedding }: LoadedModels): Promise<void> {
	await chat?.dispose();
	await embedding?.dispose();
}

async function loadAll(
	{ spec, files }: LoadRequest,
	device: 'wasm' | 'webgpu',
	name: string
): Promise<LoadedModels> {
	// With a callback, even one that does nothing, files are read piece by piece instead of by one `arrayBuffer()`.
	const reading = { progress_callback: () => undefined };
	const graph = graphOptions(files.paths);
	const tokenizer = await AutoTokenizer.from_pretrained(name, reading);
	const load = (task: typeof AutoModel | typeof AutoModelForCausalLM): Promise<PreTrainedModel> =>
		task.from_pretrained(name, { ...reading, ...graph, device, dtype: spec.dtype as 'fp32' });
	const template = await readText(files, 'chat_template.jinja');
	const prompt = new ChatPrompt(tokenizer, { name: spec.name, template });
	// A template that cannot be used must come out now, not with the first question.
	if (spec.tasks.includes('generate')) prompt.tokens(anyTalk);
	const chat = spec.tasks.includes('generate')
		? new ChatModel(await load(AutoModelForCausalLM), tokenizer, {
				prompt,
				contextTokens: spec.contextTokens,
				reasoning: spec.reasoning ?? null
			})
		: null;
	const embedding =
		spec.tasks.includes('embed') && spec.embedding
			? new EmbeddingModel(await load(AutoModel), tokenizer, spec.embedding)
			: null;
	return { chat, embedding, lost: device === 'webgpu' ? gpuLoss() : new Promise(() => undefined) };
}

const anyTalk: readonly ChatMessage[] = [
	{ role: 'system', content: 'Be brief.' },
	{ role: 'user', content: 'Hello' }
];

async function readText(files: ModelFiles, path: string): Promise<string | null> {
	const file = await files.open(path);
	return file ? new Response(file.body).text() : null;
}

function abortion(signal: AbortSignal): { promise: Promise<never>; forget: () => void } {
	const { promise, reject } = Promise.withResolvers<never>();
	const onAbort = (): void => reject(new AppError('cancelled', { cause: signal.reason }));
	signal.addEventListener('abort', onAbort, { once: true });
	if (signal.aborted) onAbort();
	return { promise, forget: () => signal.removeEventListener('abort', onAbort) };
}
