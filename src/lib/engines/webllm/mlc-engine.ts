import type {
	ChatCompletionChunk,
	ChatCompletionRequestStreaming,
	ChatOptions,
	LogitProcessor
} from '@mlc-ai/web-llm';
import type { ModelCache } from './model-cache.ts';

/** The one model that a runtime is told of; it is nobody else's business how it is called. */
export const mlcModel = 'model';

export type MlcRequest = ChatCompletionRequestStreaming;
export type MlcChunk = ChatCompletionChunk;
export type MlcOptions = ChatOptions;

/** The part of WebLLM's `MLCEngine` that is used, so that a fake can stand in for it. */
export interface MlcEngine {
	reload(model: string, options?: MlcOptions): Promise<void>;
	/** Never to be called while it generates or embeds. */
	unload(): Promise<void>;
	/** Counts only once a generation has begun. */
	interruptGenerate(): Promise<void>;
	readonly chat: {
		readonly completions: {
			create(request: MlcRequest): Promise<AsyncIterable<MlcChunk>>;
		};
	};
	readonly embeddings: {
		create(request: {
			input: number[][];
		}): Promise<{ readonly data: readonly { readonly embedding: readonly number[] }[] }>;
	};
	/** Internal to the runtime: the only way to count tokens as it does, and to learn what it remembers. */
	readonly loadedModelIdToPipeline: ReadonlyMap<string, MlcPipeline>;
}

export interface MlcPipeline {
	/** Of the text as it stands, with no special tokens around it. */
	readonly tokenizer: { encode(text: string): Iterable<number> };
	/** Tokens that the model has read and remembers; models that make embeddings have none. */
	readonly filledKVCacheLength?: number;
}

export interface MlcSetup {
	readonly task: 'generate' | 'embed';
	/** Where the runtime finds the model, and all that it finds. */
	readonly cache: ModelCache;
	/** Sees and changes what the model would say next. It costs time at each token. */
	readonly logitProcessor: LogitProcessor | null;
	/** Called now and then while it loads, also when it builds its programs, which takes long and reads nothing. */
	readonly onAlive: () => void;
}

export interface MadeMlcEngine {
	readonly engine: MlcEngine;
	/** Takes the cache away from the runtime. */
	readonly release: () => void;
}

export type CreateMlcEngine = (setup: MlcSetup) => Promise<MadeMlcEngine>;

/** The tokens of a text, as the loaded model reads it. */
export function tokensOf(engine: MlcEngine, text: string): number[] {
	const pipeline = engine.loadedModelIdToPipeline.get(mlcModel);
	// Without a text its tokenizer gives no list at all.
	return pipeline && text !== '' ? [...pipeline.tokenizer.encode(text)] : [];
}
