import { nextTask } from '../core/next-task.ts';
import type {
	CreateMlcEngine,
	MlcChunk,
	MlcEngine,
	MlcOptions,
	MlcPipeline,
	MlcRequest,
	MlcSetup
} from '../engines/webllm/mlc-engine.ts';
import { ModelCache } from '../engines/webllm/model-cache.ts';
import { FakeVocabulary } from './fake-vocabulary.ts';

export interface FakeMlcScript {
	/** What the model writes, given the prompt as it reads it. */
	readonly answer?: (prompt: string) => string;
	/** As some libraries do: a text beside a longer one gets another vector than alone. */
	readonly ignoresMask?: boolean;
	/** As none should: any two texts in a batch change one another. */
	readonly mixesTexts?: boolean;
	/** Awaited before each step of an answer, each batch of vectors and each file, with its name. */
	readonly pause?: (at: 'step' | 'embed' | 'file' | 'prefill', count: number) => Promise<void>;
}

/** An error with the name that WebLLM, or the browser, gives it. */
export function namedError(name: string, message: string): Error {
	return Object.assign(new Error(message), { name });
}

interface Pipeline extends MlcPipeline {
	filledKVCacheLength: number;
	history: string;
	finish: string | null;
	context: number;
	template: { system: string; roles: Readonly<Record<string, string>> };
}

/**
 * Behaves as WebLLM 0.2.86 was seen to, faults included: it reads its model through its caches alone, forgets an
 * interruption that comes before it begins, remembers a conversation only if it goes on word by word and the last
 * answer was neither cut nor stopped, fills templates by `String.replace`, and disposes of what is in use.
 */
export class FakeMlcEngine implements MlcEngine {
	readonly loadedModelIdToPipeline = new Map<string, Pipeline>();
	/** Prompts as the model has read them, and the texts of each batch of vectors, oldest first. */
	readonly prompts: string[] = [];
	readonly batches: number[][][] = [];
	readonly requests: MlcRequest[] = [];
	/** The list of weights and the weights, as they were read, by path. */
	readonly weights = new Map<string, Uint8Array<ArrayBuffer>>();
	options: MlcOptions = {};
	readonly vocabulary = new FakeVocabulary();
	readonly #setup: MlcSetup;
	readonly #script: FakeMlcScript;
	#interrupted = false;
	#reloading: AbortController | null = null;
	#turn: Promise<unknown> = Promise.resolve();

	readonly chat = {
		completions: { create: (request: MlcRequest) => this.#chat(request) }
	};
	readonly embeddings = { create: (request: { input: number[][] }) => this.#embed(request.input) };

	constructor(setup: MlcSetup, script: FakeMlcScript = {}) {
		this.#setup = setup;
		this.#script = script;
	}

	async reload(model: string, options: MlcOptions = {}): Promise<void> {
		await this.unload();
		this.options = options;
		const stop = (this.#reloading = new AbortController());
		const config = JSON.parse(await this.#read('mlc-chat-config.json')) as FakeConfig;
		const merged = { ...config, ...options } as FakeConfig;
		const library = await this.#read(ModelCache.libraryUrl);
		if (library === 'of another version') throw linkError();
		await this.#read('tokenizer.json');
		const list = JSON.parse(
			new TextDecoder().decode(await this.#readWeights('tensor-cache.json'))
		) as FakeWeights;
		for (const { dataPath, records } of list.records) {
			if (isStopped(stop.signal)) return;
			const bytes = (await this.#readWeights(dataPath)).byteLength;
			for (const { byteOffset, nbytes } of records)
				if (byteOffset + nbytes > bytes)
					throw new Error(
						`Tensor-cache record range [${byteOffset}, ${byteOffset + nbytes}) exceeds shard size ${bytes}`
					);
		}
		if (this.#setup.task === 'embed' && merged.context_window_size !== config.prefill_chunk_size)
			throw namedError(
				'EmbeddingChunkingUnsupportedError',
				'Embedding currently does not support chunking.'
			);
		this.#setup.onAlive();
		const template = { ...merged.conv_template, ...merged.conv_config };
		this.loadedModelIdToPipeline.set(model, {
			tokenizer: { encode: (text) => this.vocabulary.encode(text) },
			...{ filledKVCacheLength: 0, history: '', finish: null, context: merged.context_window_size },
			template: { system: template.system_template, roles: template.role_templates ?? {} }
		});
	}

	unload(): Promise<void> {
		this.loadedModelIdToPipeline.clear();
		this.#reloading?.abort();
		this.#reloading = null;
		return Promise.resolve();
	}

	interruptGenerate(): Promise<void> {
		this.#interrupted = true;
		return Promise.resolve();
	}

	async #read(path: string): Promise<string> {
		return (await this.#response(path)).text();
	}

	async #readWeights(path: string): Promise<Uint8Array> {
		const bytes = new Uint8Array(await (await this.#response(path)).arrayBuffer());
		this.weights.set(path, bytes);
		return bytes;
	}

	/** Every response is asked for twice, as the runtime does. */
	async #response(path: string): Promise<Response> {
		await this.#script.pause?.('file', 0);
		const { cache } = this.#setup;
		const url = new URL(path, ModelCache.modelUrl).href;
		const request = { url } as Request;
		if (!(await cache.match(request))) await cache.add(request);
		const response = await cache.match(request);
		if (!response) throw new Error(`Cannot fetch ${url}`);
		return response;
	}

	#pipeline(): Pipeline {
		const [pipeline] = this.loadedModelIdToPipeline.values();
		if (!pipeline)
			throw namedError('ModelNotLoadedError', 'Model not loaded before trying to complete');
		return pipeline;
	}

	#chat(request: MlcRequest): Promise<AsyncGenerator<MlcChunk, void, void>> {
		checkRequest(request);
		this.requests.push(request);
		return Promise.resolve(this.#stream(request, this.#pipeline()));
	}

	async *#stream(request: MlcRequest, pipeline: Pipeline): AsyncGenerator<MlcChunk, void, void> {
		const earlier = this.#turn;
		const { promise, resolve } = Promise.withResolvers<undefined>();
		this.#turn = promise;
		await earlier;
		try {
			this.#interrupted = false;
			const read = await this.#prefill(request, pipeline);
			const wanted = this.#script.answer?.(pipeline.history) ?? defaultAnswer;
			const answer = this.vocabulary.encode(wanted);
			const written: number[] = [];
			pipeline.finish = null;
			for (let step = 0; pipeline.finish === null; step++) {
				if (step > 0) await this.#script.pause?.('step', step);
				if (this.#isDisposed()) throw new Error('Object has already been disposed');
				if (step > 0) pipeline.filledKVCacheLength++;
				const token = this.#sample(answer[step] ?? FakeVocabulary.end);
				written.push(token);
				const isFull = written.length >= (request.max_tokens ?? Infinity);
				pipeline.finish = token === FakeVocabulary.end ? 'stop' : isFull ? 'length' : null;
				if (token !== FakeVocabulary.end) yield chunk(this.vocabulary.decode([token]));
				// Tested between the steps, and never before the first.
				if (this.#isInterrupted()) pipeline.finish ??= 'abort';
			}
			pipeline.history += `${this.vocabulary.decode(written)}\n`;
			yield chunk(null, pipeline.finish);
			yield usage({ prompt_tokens: read, completion_tokens: written.length });
		} finally {
			pipeline.finish ??= 'abort';
			resolve(undefined);
		}
	}

	/** What comes next, if the processor does not want it otherwise. */
	#sample(likely: number): number {
		const { logitProcessor } = this.#setup;
		const logits = new Float32Array(4096).fill(1, likely, likely + 1);
		const token = highest(logitProcessor?.processLogits(logits) ?? logits);
		logitProcessor?.processSampledToken(token);
		return token;
	}

	#isInterrupted(): boolean {
		return this.#interrupted;
	}

	#isDisposed(): boolean {
		return this.loadedModelIdToPipeline.size === 0;
	}

	/** How many tokens had to be read. */
	async #prefill(request: MlcRequest, pipeline: Pipeline): Promise<number> {
		const { system, roles } = pipeline.template;
		const [first] = request.messages;
		let prompt = '';
		if (first?.role === 'system') prompt += system.replace('{system_message}', first.content);
		for (const { role, content } of request.messages) {
			if (role === 'system') continue;
			const text = typeof content === 'string' ? content : '';
			prompt += `${role.toUpperCase()} ${roles[role]?.replace(`{${role}_message}`, text) ?? text}\n`;
		}
		prompt += 'ASSISTANT ';
		await this.#script.pause?.('prefill', 0);
		const goesOn = prompt.startsWith(pipeline.history) && pipeline.history !== '';
		const known = goesOn && pipeline.finish === 'stop';
		if (!known) pipeline.filledKVCacheLength = 0;
		const unread = known ? prompt.slice(pipeline.history.length) : prompt;
		const tokens = this.vocabulary.encode(unread).length;
		if (tokens + pipeline.filledKVCacheLength > pipeline.context)
			throw namedError(
				'ContextWindowSizeExceededError',
				`Prompt tokens exceed context window size: number of prompt tokens: ${tokens}; context window size: ${pipeline.context}\nConsider shortening the prompt.`
			);
		pipeline.filledKVCacheLength += tokens;
		pipeline.history = prompt;
		this.prompts.push(prompt);
		return tokens;
	}

	async #embed(input: number[][]): Promise<{ data: { embedding: number[] }[] }> {
		const pipeline = this.#pipeline();
		if (input.some((ids) => ids.length === 0))
			throw namedError(
				'EmbeddingInputEmptyError',
				'Embedding input cannot be empty string or empty token array.'
			);
		const tooLong = input.find(({ length }) => length > pipeline.context);
		if (tooLong)
			throw namedError(
				'EmbeddingExceedContextWindowSizeError',
				`The embedding model you are using only supports up to ${pipeline.context} context size.However, an input in the batch has size ${tooLong.length}.`
			);
		this.batches.push(input);
		await nextTask();
		await this.#script.pause?.('embed', this.batches.length);
		if (this.loadedModelIdToPipeline.size === 0)
			throw new Error('Object has already been disposed');
		const longest = Math.max(...input.map(({ length }) => length));
		return { data: input.map((ids) => ({ embedding: this.#vector(ids, longest, input.length) })) };
	}

	/** Not of length 1, and of its tokens and their order. */
	#vector(ids: readonly number[], longest: number, count: number): number[] {
		const { ignoresMask = false, mixesTexts = false } = this.#script;
		const padding = ignoresMask ? longest - ids.length : 0;
		const company = mixesTexts ? count - 1 : 0;
		return Array.from({ length: 16 }, (_, dim) => {
			const states = ids.map((id, at) => Math.sin(id * (dim + 1) + at));
			return (
				5 * (1 + states.reduce((sum, state) => sum + state, 0) + padding * dim + company * dim)
			);
		});
	}
}

/** For `WebLlmEngine`; keeps those that it has made. */
export function fakeMlc(script: FakeMlcScript = {}): {
	readonly create: CreateMlcEngine;
	readonly made: readonly FakeMlcEngine[];
} {
	const made: FakeMlcEngine[] = [];
	const create: CreateMlcEngine = (setup) => {
		const engine = new FakeMlcEngine(setup, script);
		made.push(engine);
		return Promise.resolve({ engine, release: () => undefined });
	};
	return { create, made };
}

const defaultAnswer = 'The warranty covers two years, and the batteries one.';

interface FakeConfig {
	readonly context_window_size: number;
	readonly prefill_chunk_size: number;
	readonly conv_template: {
		readonly system_template: string;
		readonly role_templates?: Readonly<Record<string, string>>;
	};
	readonly conv_config?: object;
}

interface FakeWeights {
	readonly records: readonly {
		readonly dataPath: string;
		readonly records: readonly { readonly byteOffset: number; readonly nbytes: number }[];
	}[];
}

function linkError(): Error {
	const message =
		'WebAssembly.instantiate(): Import #0 "env" "threading": function import requires a callable';
	return namedError('LinkError', message);
}

/** What it refuses before it begins. */
function checkRequest({ messages, max_tokens, top_p, temperature, seed }: MlcRequest): void {
	if (messages.some(({ role }, at) => role === 'system' && at > 0))
		throw namedError(
			'SystemMessageOrderError',
			'System prompt should always be the first message in `messages`.'
		);
	if (messages.at(-1)?.role !== 'user')
		throw namedError('MessageOrderError', 'Last message should be from either `user` or `tool`.');
	if (seed != null && !Number.isInteger(seed))
		throw namedError('SeedTypeError', `\`seed\` should be an integer, but got ${seed}`);
	if (max_tokens != null && !(max_tokens > 0))
		throw namedError('MinValueError', 'Make sure `max_tokens` > 0.');
	if (top_p != null && !(top_p > 0 && top_p <= 1))
		throw namedError('RangeError', 'Make sure 0 < top_p <= 1.');
	if (temperature != null && !(temperature >= 0))
		throw namedError('NonNegativeError', 'Make sure temperature >= 0.');
}

/** Asked anew after an await: the compiler would believe that nothing has changed. */
function isStopped({ aborted }: AbortSignal): boolean {
	return aborted;
}

function highest(logits: Float32Array): number {
	return logits.indexOf(Math.max(...logits));
}

const head = { id: 'fake', created: 0, model: 'model', object: 'chat.completion.chunk' } as const;

function chunk(content: string | null, finish: string | null = null): MlcChunk {
	const delta = content === null ? {} : { content, role: 'assistant' as const };
	const finish_reason = finish as MlcChunk['choices'][number]['finish_reason'];
	return { ...head, choices: [{ delta, finish_reason, index: 0 }] };
}

function usage(
	counts: Pick<NonNullable<MlcChunk['usage']>, 'prompt_tokens' | 'completion_tokens'>
): MlcChunk {
	const total_tokens = counts.prompt_tokens + counts.completion_tokens;
	return {
		...head,
		choices: [],
		usage: { ...counts, total_tokens } as NonNullable<MlcChunk['usage']>
	};
}
