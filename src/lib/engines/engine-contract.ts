import type { EngineDevice } from '../core/engine-device.ts';
import type { EmbedPurpose, GenerateEvent, GenerateRequest } from '../core/generation.ts';
import type { AdapterMatch } from '../core/adapter-match.ts';
import type { ModelSpec, Task } from '../core/model-spec.ts';
import type { AdapterUse } from '../core/setup.ts';

/** Who an engine is, before anything is loaded. */
export interface EngineInfo {
	/** Key in the registry, e.g. `starter`. */
	readonly kind: string;
	/** For people, e.g. `Transformers.js`. */
	readonly name: string;
	/** True where `generate` only quotes passages and writes nothing of its own. */
	readonly extractive: boolean;
	/** True where what it is given leaves this device. */
	readonly remote?: true;
}

/** What an engine can do with the model that it has loaded. */
export interface EngineCapabilities {
	readonly tasks: readonly Task[];
	readonly contextTokens: number;
	readonly embeddingDims: number | null;
	/** Where it computes now. */
	readonly device: EngineDevice;
	/** How much of each adapter found its place in the model. Absent: none is on. */
	readonly adapters?: readonly AdapterMatch[];
}

/** The verified files of one model. */
export interface ModelFiles {
	readonly paths: readonly string[];
	/** The whole file as one stream with its exact size, or undefined when the model has no such file. */
	open(
		path: string
	): Promise<
		{ readonly bytes: number; readonly body: ReadableStream<Uint8Array<ArrayBuffer>> } | undefined
	>;
}

export type DevicePreference = 'auto' | 'webgpu' | 'wasm';

export interface LoadRequest {
	readonly spec: ModelSpec;
	readonly files: ModelFiles;
	readonly device: DevicePreference;
	/** Threads to compute with on a processor, where the engine has a choice. Default: its own. */
	readonly threads?: number;
	/**
	 * Adapters to load the model with. They are in `files` already when an engine sees the request: whoever opens the files
	 * has worked them in. An engine need not know of them.
	 */
	readonly adapters?: readonly AdapterUse[];
}

/** Bytes where there are bytes; else a fraction with total 1. */
export interface Progress {
	readonly done: number;
	readonly total: number;
}

export interface CallContext {
	readonly signal: AbortSignal;
	readonly onProgress?: (progress: Progress) => void;
}

export interface EmbedContext extends CallContext {
	readonly purpose: EmbedPurpose;
	/** Hears which texts, by their places in the list, were longer than the model reads: only their beginning counts. */
	readonly onTruncated?: (places: readonly number[]) => void;
}

/** The contract that every engine keeps; `testing/contracts/model-engine.ts` is its proof. */
export interface ModelEngine {
	readonly info: EngineInfo;
	/** Throws `engine/not-loaded` before `load` has resolved. */
	readonly capabilities: EngineCapabilities;
	/** Errors: `engine/load-failed`, `engine/out-of-memory`, `engine/device-lost`, `library/not-installed`, `cancelled`. */
	load(request: LoadRequest, context: CallContext): Promise<void>;
	/** One `end` event closes it. On abort it ends with reason `cancelled` and keeps what was streamed. */
	generate(request: GenerateRequest, context: CallContext): AsyncIterable<GenerateEvent>;
	/** One finite vector of `capabilities.embeddingDims` per text, in order. Rejects with `cancelled` on abort. */
	embed(texts: readonly string[], context: EmbedContext): Promise<Float32Array[]>;
	/** Idempotent. Afterwards the engine can be loaded again. */
	unload(): Promise<void>;
}
