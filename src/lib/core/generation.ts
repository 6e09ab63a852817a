/** One turn of a conversation as an engine sees it. */
export interface ChatMessage {
	readonly role: 'system' | 'user' | 'assistant';
	readonly content: string;
}

/** A passage of the user's documents that an answer may use and cite as `[n]`. */
export interface GroundingPassage {
	/** The number it is cited by, from 1. */
	readonly n: number;
	readonly title: string;
	readonly text: string;
}

/** How the next token is chosen. What is left out is as the runtime has it when nothing is asked of it. */
export interface Sampling {
	/** 0 is greedy. */
	readonly temperature: number;
	/** Only the likeliest tokens that have this probability together, above 0; 1 keeps all. */
	readonly topP?: number;
	/** Only that many of the likeliest tokens, from 1. */
	readonly topK?: number;
	/** Above 1, what has been said becomes less likely; 1 changes nothing. */
	readonly repetitionPenalty?: number;
	/** The same seed gives the same answer on the same device; null draws one. */
	readonly seed: number | null;
}

export interface GenerateRequest extends Sampling {
	/** What is asked, alone, for engines that extract instead of writing. */
	readonly question: string;
	/** Ends with a user message. For language models the passages are written out in here. */
	readonly messages: readonly ChatMessage[];
	/** The same passages as data, for the same engines. */
	readonly passages: readonly GroundingPassage[];
	/** Of reasoning and answer together. */
	readonly maxTokens: number;
	/** The answer ends before the first of these, with reason `stop`; none of them is ever part of the text. */
	readonly stop?: readonly string[];
	/** What a model that reasons may spend on that before it must answer; absent: as much as it likes. */
	readonly reasoningTokens?: number;
}

export interface Usage {
	readonly promptTokens: number;
	/** Reasoning included. */
	readonly completionTokens: number;
	/** Tokens of the prompt that were still known from an earlier call, and not read again; absent: not known. */
	readonly cachedTokens?: number;
	/** From the call to the first text or reasoning, milliseconds. */
	readonly firstTokenMs: number;
	/** From the call to the end, milliseconds. */
	readonly totalMs: number;
}

export type EndReason = 'stop' | 'length' | 'cancelled';

/**
 * Zero or more deltas, then exactly one `end`. An error ends the stream by throwing. Reasoning is what the model says to
 * itself before it answers: shown apart, and never sent back to it.
 */
export type GenerateEvent =
	| { readonly type: 'text-delta'; readonly text: string }
	| { readonly type: 'reasoning-delta'; readonly text: string }
	| { readonly type: 'end'; readonly reason: EndReason; readonly usage: Usage };

/** Some models write another prefix before a question than before a passage. */
export type EmbedPurpose = 'query' | 'passage';
