import type { GenerateEvent, GenerateRequest } from '../core/generation.ts';
import type { IndexId } from '../core/ids.ts';
import type { EngineChoice } from '../core/setup.ts';
import type { Citation } from './chat-records.ts';

/** A found passage before it has a number. */
export type FoundPassage = Omit<Citation, 'n'>;

/** What a turn needs of the knowledge base: the best passages for a question, best first. */
export interface PassageFinder {
	find(
		question: string,
		limit: number,
		signal: AbortSignal
	): Promise<{ readonly passages: readonly FoundPassage[]; readonly index: IndexId | null }>;
}

/** What a turn needs of the chat engine that is in use. Loads it first where needed. */
export interface AnswerEngine {
	describe(): Promise<{
		readonly engine: EngineChoice;
		readonly extractive: boolean;
		readonly contextTokens: number;
	}>;
	generate(request: GenerateRequest, signal: AbortSignal): AsyncIterable<GenerateEvent>;
}
