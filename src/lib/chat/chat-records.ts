import type { EngineDevice } from '../core/engine-device.ts';
import type { ErrorCode } from '../core/error-code.ts';
import type { EndReason, Usage } from '../core/generation.ts';
import type { AdapterId, ConversationId, DocumentId, IndexId, MessageId } from '../core/ids.ts';
import type { EngineChoice } from '../core/setup.ts';
import type { StoreOf } from '../ports/record-store.ts';

export interface ConversationRow {
	readonly id: ConversationId;
	/** The first question, shortened; empty until there is one. */
	readonly title: string;
	readonly createdAt: number;
	readonly updatedAt: number;
	/** The engine that this chat tries, whatever the setup says; null or absent: the one of the setup. */
	readonly engine?: EngineChoice | null;
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

/** A LoRA adapter that an answer was written with. */
export interface AnsweringAdapter {
	readonly id: AdapterId;
	/** As it was called then. */
	readonly name: string;
	/** See `AdapterUse`. */
	readonly strength: number;
}

/** Which engine wrote an answer, and what it searched. */
export interface Provenance {
	readonly engine: EngineChoice;
	/** True where the answer only quotes the passages. */
	readonly extractive: boolean;
	/** Null when only the keywords were searched. */
	readonly index: IndexId | null;
	readonly usage: Usage | null;
	/** Where it computed; absent in answers of earlier versions. `remote`: the question has left this device. */
	readonly device?: EngineDevice;
	/** How many of the oldest turns of the chat found no room in the engine's context; absent: none. */
	readonly droppedTurns?: number;
	/** What went wrong on the way to this answer, oldest first, a whole sentence each; absent: nothing. */
	readonly mishaps?: readonly string[];
	/** Adapters that the engine was loaded with; absent: none. */
	readonly adapters?: readonly AnsweringAdapter[];
	/** Why it ended; `length`: at the limit of its length. Absent in answers of earlier versions. */
	readonly end?: EndReason;
}

/** What a model said to itself before it answered. */
export interface Reasoning {
	readonly text: string;
	/** How long that took, milliseconds; null while it goes on, and where it was cut off. */
	readonly ms: number | null;
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
	readonly error: {
		readonly code: ErrorCode;
		readonly message: string;
		/** The one thing to do; absent in answers of earlier versions. */
		readonly advice?: string;
	} | null;
	readonly citations: readonly Citation[];
	readonly provenance: Provenance | null;
	/** Never sent back to an engine. Null or absent: the model did not reason. */
	readonly reasoning?: Reasoning | null;
	/**
	 * The question with its passages as the engine was sent it, of an answer: sent again word for word with later turns,
	 * so that an engine that remembers need read only what is new. Absent in answers of earlier versions.
	 */
	readonly sent?: string;
}

export const conversationStore: StoreOf<ConversationRow, ConversationId> = {
	name: 'conversations',
	keyOf: (row) => row.id
};
export const messageStore: StoreOf<MessageRow, [ConversationId, number]> = {
	name: 'messages',
	keyOf: (row) => [row.conversationId, row.position]
};
