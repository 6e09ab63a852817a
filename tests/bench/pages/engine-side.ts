import type { ChatMessage } from '../../../src/lib/core/generation.ts';

/** One answer, as the page saw it. Times in milliseconds from the page's call. */
export interface ChatRun {
	readonly text: string;
	readonly tokens: number;
	readonly firstMs: number;
	readonly totalMs: number;
	/** Tokens of the prompt; of these, tokens that were not read again. Null where the side does not tell. */
	readonly promptTokens: number | null;
	readonly cachedTokens: number | null;
}

/** A model in a worker, driven from the page: SAM's way or the library's own. */
export interface EngineSide {
	/** Milliseconds until it can be used, the start of the worker included. */
	load(): Promise<number>;
	chat(messages: readonly ChatMessage[], maxTokens: number): Promise<ChatRun>;
	embed(texts: readonly string[]): Promise<readonly Float32Array[]>;
	/** Ends the worker. */
	close(): Promise<void>;
}
