import type { ErrorCode } from '../core/error-code.ts';
import type { Usage } from '../core/generation.ts';
import type { ConversationId, DocumentId, IndexId, MessageId } from '../core/ids.ts';
import type { EngineChoice } from '../core/setup.ts';
import type { StoreOf } from '../ports/record-store.ts';

export interface ConversationRow {
	readonly id: ConversationId;
	/** The first question, shortened; empty until there is one. */
	readonly title: string;
	readonly createdAt: number;
	readonly updatedAt: number;
}

/** A passage that an answer was given. Kept with the answer, so that it can be read when the document is gone. */
export interface Citation {
	/** The number it is cited by in the text, as `[n]`. */
	readonly n: number;
	readonly documentId: DocumentId;
	readonly ordinal: number;
	readonly documentName: string;
	readonly headings: readonly string[];
	readonly page: number | null;
	readonly text: string;
}

/** Which engine wrote an answer, and what it searched. */
export interface Provenance {
	readonly engine: EngineChoice;
	/** True where the answer only quotes the passages. */
	readonly extractive: boolean;
	/** Null when only the keywords were searched. */
	readonly index: IndexId | null;
	readonly usage: Usage | null;
}

export interface MessageRow {
	readonly id: MessageId;
	readonly conversationId: ConversationId;
	/** Order within the conversation, from 0. */
	readonly position: number;
	readonly role: 'user' | 'assistant';
	readonly text: string;
	readonly at: number;
	/** `interrupted`: the tab went away while it was being written. `streaming` rows of an earlier start become that. */
	readonly state: 'complete' | 'streaming' | 'stopped' | 'interrupted' | 'failed';
	readonly error: { readonly code: ErrorCode; readonly message: string } | null;
	readonly citations: readonly Citation[];
	readonly provenance: Provenance | null;
}

export const conversationStore: StoreOf<ConversationRow, ConversationId> = {
	name: 'conversations',
	keyOf: (row) => row.id
};
export const messageStore: StoreOf<MessageRow, [ConversationId, number]> = {
	name: 'messages',
	keyOf: (row) => [row.conversationId, row.position]
};
