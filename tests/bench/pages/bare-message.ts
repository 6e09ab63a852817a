import type { ChatMessage } from '../../../src/lib/core/generation.ts';

export interface BareModel {
	/** As its folder on the server is called. */
	readonly id: string;
	readonly task: 'generate' | 'embed';
	readonly dtype: string;
	readonly device: 'wasm' | 'webgpu';
}

/** What is asked of the worker that has nothing but the library. */
export type BareQuestion =
	| { readonly ask: 'load'; readonly model: BareModel }
	| { readonly ask: 'chat'; readonly messages: readonly ChatMessage[]; readonly maxTokens: number }
	| { readonly ask: 'embed'; readonly texts: readonly string[] };

/** Any number of texts, then one of the others. */
export type BareAnswer =
	| { readonly answer: 'text'; readonly text: string }
	| { readonly answer: 'loaded' }
	| { readonly answer: 'end'; readonly tokens: number }
	| { readonly answer: 'vectors'; readonly vectors: readonly Float32Array[] }
	| { readonly answer: 'error'; readonly message: string };

/** The cache in which the library finds its files, and the address that they seem to be from. */
export const bareCache = 'bench-bare';
export const bareHost = 'https://bare.invalid/';
