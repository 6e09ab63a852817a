import { AppError } from '../../core/errors.ts';
import type { GenerateRequest } from '../../core/generation.ts';
import type { GenerateDelta } from '../base-model-engine.ts';
import type { CallContext, EmbedContext, LoadRequest } from '../engine-contract.ts';
import type { GenerateOutcome } from '../generation-meter.ts';
import { LoadProgress } from '../load-progress.ts';
import { ChatWriter } from './chat-writer.ts';
import { optionsForChat, optionsForEmbedding, type ChosenOptions } from './chat-options.ts';
import { Embedder } from './embedder.ts';
import type { GpuWatch } from './gpu-watch.ts';
import { mlcModel, type CreateMlcEngine, type MadeMlcEngine, type MlcSetup } from './mlc-engine.ts';
import { readJson, type MlcConfig } from './mlc-config.ts';
import { ModelCache } from './model-cache.ts';
import { ReasoningLimiter } from './reasoning-limiter.ts';
import { specialTokens, type SpecialTokens, type TokenizerFile } from './special-tokens.ts';

export interface SessionParts {
	readonly createEngine: CreateMlcEngine;
	readonly watch: GpuWatch;
}

/** One model in the runtime, from the first byte that is read until all is given back. */
export class WebLlmSession {
	readonly #parts: SessionParts;
	#cache: ModelCache | null = null;
	#made: MadeMlcEngine | null = null;
	#chat: ChatWriter | null = null;
	#embedder: Embedder | null = null;

	constructor(parts: SessionParts) {
		this.#parts = parts;
	}

	/**
	 * Loads what the spec's task needs, from the request's files alone, and answers how many tokens it reads. Rejects as
	 * soon as the signal aborts, a file fails or the device is gone. Errors: those of the files and of the runtime.
	 */
	async load(request: LoadRequest, context: CallContext): Promise<number> {
		const aborted = abortion(context.signal);
		const { watch } = this.#parts;
		try {
			const loading = this.#load(request, context);
			return await watch.unlessLost(Promise.race([loading, aborted.promise]));
		} finally {
			aborted.forget();
		}
	}

	/** Errors: `engine/not-loaded`, and those of the runtime. */
	write(
		request: GenerateRequest,
		signal: AbortSignal
	): AsyncGenerator<GenerateDelta, GenerateOutcome> {
		if (!this.#chat) throw new AppError('engine/not-loaded');
		return this.#chat.write(request, signal);
	}

	/** Errors: `engine/not-loaded`, and those of the runtime. */
	embed(texts: readonly string[], context: EmbedContext): Promise<Float32Array[]> {
		if (!this.#embedder) throw new AppError('engine/not-loaded');
		return this.#embedder.embed(texts, context);
	}

	/** Gives all back, whatever became of the load. Never to be called while it writes or embeds. */
	async close(): Promise<void> {
		const made = this.#made;
		this.#parts.watch.expectLoss();
		this.#cache?.close();
		try {
			await made?.engine.unload();
		} finally {
			made?.release();
			this.#parts.watch.end();
		}
	}

	async #load(request: LoadRequest, context: CallContext): Promise<number> {
		const { spec, files } = request;
		const task = spec.embedding ? 'embed' : 'generate';
		const config = await readJson<MlcConfig>(files, 'mlc-chat-config.json', spec.name);
		const tokenizer = task === 'embed' ? await readTokenizer(request) : null;
		const chosen = (task === 'embed' ? optionsForEmbedding : optionsForChat)(config, spec);
		const progress = new LoadProgress(spec.files, context.onProgress);
		const cache = new ModelCache({
			files,
			library: spec.modelLibrary?.path ?? '',
			replaced: tokenizer?.replaced ?? new Map(),
			onRead: (path, bytes) => progress.read(path, bytes)
		});
		this.#cache = cache;
		const limiter = spec.reasoning ? new ReasoningLimiter() : null;
		const setup = { task, cache, logitProcessor: limiter, onAlive: () => progress.tell() } as const;
		await Promise.race([this.#start(setup, chosen, context.signal), cache.failure]);
		await this.#prepare(request, { chosen, limiter, tokenizer }, context.signal);
		progress.finish();
		return chosen.contextTokens;
	}

	async #start(setup: MlcSetup, { options }: ChosenOptions, signal: AbortSignal): Promise<void> {
		const made = await this.#parts.createEngine(setup);
		this.#made = made;
		// The caller has gone already: nobody would give back what is made from here on.
		if (signal.aborted) {
			made.release();
			throw new AppError('cancelled');
		}
		await made.engine.reload(mlcModel, options);
		// An aborted load resolves as if nothing were wrong.
		if (isAborted(signal)) await made.engine.unload();
	}

	async #prepare(
		{ spec }: LoadRequest,
		found: {
			readonly chosen: ChosenOptions;
			readonly limiter: ReasoningLimiter | null;
			readonly tokenizer: { readonly special: SpecialTokens } | null;
		},
		signal: AbortSignal
	): Promise<void> {
		const engine = this.#made?.engine;
		if (!engine) throw new AppError('engine/not-loaded');
		const { watch } = this.#parts;
		const { chosen, limiter, tokenizer } = found;
		const unlessLost = <T>(work: Promise<T>): Promise<T> => watch.unlessLost(work);
		if (spec.embedding && tokenizer) {
			const { contextTokens } = chosen;
			const { special } = tokenizer;
			const parts = { engine, spec: spec.embedding, special, contextTokens, unlessLost };
			this.#embedder = new Embedder(parts);
			await this.#embedder.prepare(signal);
		} else {
			const reasoning = spec.reasoning ?? null;
			this.#chat = new ChatWriter({ engine, chosen, reasoning, limiter, unlessLost });
		}
	}
}

/**
 * The special tokens of a model that makes vectors, and its tokenizer without the rules that pad and cut each text to a
 * fixed length, which the runtime cannot be told to leave out.
 */
async function readTokenizer({ spec, files }: LoadRequest): Promise<{
	readonly special: SpecialTokens;
	readonly replaced: ReadonlyMap<string, string>;
}> {
	const path = 'tokenizer.json';
	const file = await readJson<TokenizerFile>(files, path, spec.name);
	const plain = JSON.stringify({ ...file, padding: null, truncation: null });
	return { special: specialTokens(file), replaced: new Map([[path, plain]]) };
}

function abortion(signal: AbortSignal): { promise: Promise<never>; forget: () => void } {
	const { promise, reject } = Promise.withResolvers<never>();
	const onAbort = (): void => reject(new AppError('cancelled', { cause: signal.reason }));
	signal.addEventListener('abort', onAbort, { once: true });
	if (signal.aborted) onAbort();
	return { promise, forget: () => signal.removeEventListener('abort', onAbort) };
}

/** Asked anew after an await: the compiler would believe that nothing has changed. */
function isAborted(signal: AbortSignal): boolean {
	return signal.aborted;
}
