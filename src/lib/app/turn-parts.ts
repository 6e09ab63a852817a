import type { TurnParts } from '../chat/answer-writer.ts';
import type { ConversationStore } from '../chat/conversation-store.ts';
import type { KnowledgeApi } from '../knowledge/knowledge-api.ts';
import type { SetupRepository } from '../migration/setup-repository.ts';
import type { Clock } from '../ports/clock.ts';
import type { AnswerEngines } from './answer-engines.ts';
import { DocumentSearch } from './document-search.ts';
import type { EmbeddingInUse } from './embedding-in-use.ts';

interface Parts {
	readonly conversations: ConversationStore;
	readonly knowledge: Pick<KnowledgeApi, 'search'>;
	readonly embedding: Pick<EmbeddingInUse, 'embedQuery'>;
	readonly answers: Pick<AnswerEngines, 'open'>;
	readonly setup: Pick<SetupRepository, 'read'>;
	readonly parts: { readonly clock: Clock };
}

/**
 * What one chat turn is made of, all of it from the setup that is in use now: a switch in the middle of the turn changes
 * neither its search nor its engine.
 */
export async function turnParts(app: Parts): Promise<TurnParts> {
	const { conversations, knowledge, embedding, answers, parts } = app;
	const pinned = (await app.setup.read()) ?? null;
	return {
		store: conversations,
		finder: new DocumentSearch({
			knowledge,
			embedQuery: (text, signal) => embedding.embedQuery(text, signal, pinned),
			indexInUse: () => Promise.resolve(pinned?.current.index ?? null)
		}),
		engine: { open: (wanted, signal) => answers.open(wanted, signal, pinned) },
		clock: parts.clock
	};
}
