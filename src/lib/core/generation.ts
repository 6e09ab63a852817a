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

export interface GenerateRequest {
	/** What is asked, alone, for engines that extract instead of writing. */
	readonly question: string;
	/** Ends with a user message. For language models the passages are written out in here. */
	readonly messages: readonly ChatMessage[];
	/** The same passages as data, for the same engines. */
	readonly passages: readonly GroundingPassage[];
	readonly maxTokens: number;
	/** 0 is greedy. */
	readonly temperature: number;
	readonly seed: number | null;
}

export interface Usage {
	readonly promptTokens: number;
	readonly completionTokens: number;
	/** From the call to the first text, milliseconds. */
	readonly firstTokenMs: number;
	/** From the call to the end, milliseconds. */
	readonly totalMs: number;
}

export type EndReason = 'stop' | 'length' | 'cancelled';

/** Zero or more `text-delta`, then exactly one `end`. An error ends the stream by throwing. */
export type GenerateEvent =
	| { readonly type: 'text-delta'; readonly text: string }
	| { readonly type: 'end'; readonly reason: EndReason; readonly usage: Usage };

/** Some models write another prefix before a question than before a passage. */
export type EmbedPurpose = 'query' | 'passage';
