import type { TurnParts } from '../chat/answer-writer.ts';
import type { Services } from './services.ts';

/** What a chat turn is made of: the search over the documents, and the chat engines. */
export function turnParts({ conversations, search, answers, parts }: Services): TurnParts {
	return { store: conversations, finder: search, engine: answers, clock: parts.clock };
}
