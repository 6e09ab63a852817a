import type { EngineDevice } from '../core/engine-device.ts';
import type { GenerateEvent, GenerateRequest } from '../core/generation.ts';
import type { IndexId } from '../core/ids.ts';
import type { EngineChoice } from '../core/setup.ts';
import type { AnsweringAdapter, Citation } from './chat-records.ts';

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

/** A loaded chat engine, for one answer. */
export interface Answering {
	readonly engine: EngineChoice;
	readonly extractive: boolean;
	readonly device: EngineDevice;
	/** Prompt plus answer. */
	readonly contextTokens: number;
	/** What went wrong until this engine was ready, oldest first, a whole sentence each. */
	readonly mishaps: readonly string[];
	/** With which it is loaded; absent: none. */
	readonly adapters?: readonly AnsweringAdapter[];
	generate(request: GenerateRequest, signal: AbortSignal): AsyncIterable<GenerateEvent>;
	/**
	 * To be asked when `generate` has failed: what to answer with instead, loaded; its `mishaps` say why. Rejects with the
	 * error itself where nothing else is left to try, or nothing else would help.
	 */
	insteadOf(error: unknown, signal: AbortSignal): Promise<Answering>;
}

/** What a turn needs of the chat engines. */
export interface AnswerEngine {
	/**
	 * Loads where needed: that engine, or (null) the one of the setup; where it does not load, the next best.
	 * Errors: those of loading, when nothing loads; `cancelled`.
	 */
	open(wanted: EngineChoice | null, signal: AbortSignal): Promise<Answering>;
}
