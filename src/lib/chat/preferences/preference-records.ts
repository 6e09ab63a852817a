import type { ChatMessage } from '../../core/generation.ts';
import type { AdapterId, ConversationId, MessageId } from '../../core/ids.ts';
import type { EngineChoice } from '../../core/setup.ts';
import type { StoreOf } from '../../ports/record-store.ts';

/**
 * What the user preferred to what, for one prompt: a pair for direct preference optimisation (DPO) once both are there.
 * It outlives the chat that it came from.
 */
export interface PreferenceRow {
	/** Of the answer that was judged: an answer is judged once, and a new judgement takes the old one's place. */
	readonly id: MessageId;
	readonly conversation: ConversationId;
	/** Epoch milliseconds of the last change. */
	readonly at: number;
	/** What the engine was to answer, as the user wrote it; the last one is the user's. */
	readonly prompt: readonly ChatMessage[];
	/** The same as the engine was given it, with instructions and passages; null where nobody noted it. */
	readonly given: readonly ChatMessage[] | null;
	/** Null: still missing. */
	readonly chosen: string | null;
	readonly rejected: string | null;
	/** Which engine wrote the answer that was judged. */
	readonly engine: EngineChoice;
	/** Adapters that were on. */
	readonly adapters: readonly AdapterId[];
	/** True where the answer that was judged only quotes passages. */
	readonly extractive: boolean;
	readonly verdict: 'good' | 'bad' | 'rewritten';
}

export const preferenceStore: StoreOf<PreferenceRow, MessageId> = {
	name: 'preferences',
	keyOf: (row) => row.id
};
