import type { ModelId, Sha256 } from './ids.ts';

export type Task = 'generate' | 'embed';

/** Everything about an embedding model, besides its weights, that decides the vectors it makes. */
export interface EmbeddingSpec {
	readonly dims: number;
	readonly pooling: 'mean' | 'cls' | 'last' | 'none';
	/** Written before each text, by purpose; empty for models without prefixes. */
	readonly prefixes: { readonly query: string; readonly passage: string };
	readonly normalise: boolean;
	/** Longer texts are cut. In tokens of the model; null where the engine has no limit. */
	readonly maxTokens: number | null;
}

/** How a model tells what it thinks from what it answers, in its own text. */
export interface ReasoningFormat {
	/** Such as `<think>`. */
	readonly open: string;
	/** Such as `</think>`. */
	readonly close: string;
	/** True where the chat template has written `open` already, so that the text begins inside. */
	readonly opened: boolean;
}

export interface ModelFile {
	/** Within the model's repository, e.g. `onnx/model_quantized.onnx`. */
	readonly path: string;
	readonly url: string;
	readonly bytes: number;
	readonly sha256: Sha256;
}

/** A compiled model library (WebLLM): it fits only runtimes of the same ABI. */
export interface ModelLibraryFile {
	/** As the runtime names it, e.g. `v0_2_86/base`. */
	readonly abi: string;
	/** Path of the file among the model's files. */
	readonly path: string;
}

/** What an engine must know of a model to load and use it: the part of a catalog entry that is not for people. */
export interface ModelSpec {
	readonly id: ModelId;
	readonly name: string;
	/** Kind of engine in the registry: `starter`, `transformers`, … */
	readonly engine: string;
	/** Pinned revision of the weights (a commit), or the version of a built-in model. */
	readonly revision: string;
	readonly tasks: readonly Task[];
	/** Prompt plus answer, in tokens. */
	readonly contextTokens: number;
	/** Weight format of the files, as the runtime names it (`fp32`, `q8`, `q4f16`); null for built-in engines. */
	readonly dtype: string | null;
	readonly embedding: EmbeddingSpec | null;
	/** Empty for built-in engines. */
	readonly files: readonly ModelFile[];
	/** Null or absent for runtimes without one. */
	readonly modelLibrary?: ModelLibraryFile | null;
	/** Null or absent for models that do not reason. */
	readonly reasoning?: ReasoningFormat | null;
	/** Of a model on a server of the user's: the id of the server, and how it names the model. Else absent. */
	readonly remote?: { readonly server: string; readonly model: string };
}
