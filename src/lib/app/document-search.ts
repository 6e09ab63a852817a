import { hasCode, toAppError, type AppError } from '../core/errors.ts';
import type { GroundingPassage } from '../core/generation.ts';
import type { IndexId } from '../core/ids.ts';
import type { FoundPassage, PassageFinder } from '../chat/chat-ports.ts';
import { passageTitle } from '../chat/prompt.ts';
import type { KnowledgeApi, SearchHit } from '../knowledge/knowledge-api.ts';

export interface SearchOutcome {
	readonly hits: readonly SearchHit[];
	/** The index whose vectors were searched; null when the keywords alone were. */
	readonly index: IndexId | null;
	/** Why the vectors were left out; null when they were not. */
	readonly degraded: AppError | null;
}

export interface EmbeddedQuery {
	readonly vector: Float32Array;
	readonly index: IndexId;
}

/** As many as a chat gives an engine. */
const passagesPerAnswer = 6;

interface Parts {
	readonly knowledge: Pick<KnowledgeApi, 'search'>;
	/** The question's vector, and the index in use whose embedding engine has made it. */
	readonly embedQuery: (text: string, signal: AbortSignal) => Promise<EmbeddedQuery>;
	/** Whose chunks the keywords are looked up in when there is no vector. */
	readonly indexInUse: () => Promise<IndexId | null>;
}

/**
 * Searches the documents by meaning and by keyword. When the embedding engine fails, the keywords still find: search
 * never stops because an engine does.
 */
export class DocumentSearch implements PassageFinder {
	readonly #parts: Parts;

	constructor(parts: Parts) {
		this.#parts = parts;
	}

	async search(text: string, limit: number, signal: AbortSignal): Promise<SearchOutcome> {
		let embedded: EmbeddedQuery | null = null;
		let degraded: AppError | null = null;
		try {
			embedded = await this.#parts.embedQuery(text, signal);
		} catch (error) {
			if (hasCode(error, 'cancelled')) throw error;
			degraded = toAppError(error, 'engine/embed-failed');
		}
		const indexId = embedded?.index ?? (await this.#parts.indexInUse());
		const vector = embedded?.vector ?? null;
		const hits = await this.#parts.knowledge.search({ text, vector, indexId, limit });
		return { hits, index: embedded?.index ?? null, degraded };
	}

	/** As an answer gets them, numbered, best first. */
	async passagesFor(question: string, signal: AbortSignal): Promise<GroundingPassage[]> {
		const { passages } = await this.find(question, passagesPerAnswer, signal);
		return passages.map((each, i) => ({ n: i + 1, title: passageTitle(each), text: each.text }));
	}

	async find(
		question: string,
		limit: number,
		signal: AbortSignal
	): Promise<{ passages: FoundPassage[]; index: IndexId | null }> {
		const { hits, index } = await this.search(question, limit, signal);
		return { passages: hits.map(passageOf), index };
	}
}

function passageOf({ chunk, documentName }: SearchHit): FoundPassage {
	const { documentId, ordinal, headings, page, text } = chunk;
	return { documentId, ordinal, documentName, headings, page, text };
}
