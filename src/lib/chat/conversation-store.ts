import { AppError } from '../core/errors.ts';
import { newId, type ConversationId, type MessageId } from '../core/ids.ts';
import type { EngineChoice } from '../core/setup.ts';
import type { Clock } from '../ports/clock.ts';
import type { RecordStore } from '../ports/record-store.ts';
import { write } from '../ports/store-write.ts';
import {
	conversationStore,
	messageStore,
	type ConversationRow,
	type MessageRow
} from './chat-records.ts';
import { conversationTitle } from './conversation-title.ts';

export interface ConversationStoreOptions {
	readonly records: RecordStore;
	readonly clock: Clock;
}

/** The chats of this device. Errors of all methods: those of `RecordStore`. */
export class ConversationStore {
	readonly #records: RecordStore;
	readonly #clock: Clock;

	constructor({ records, clock }: ConversationStoreOptions) {
		this.#records = records;
		this.#clock = clock;
	}

	/** `engine`: the one that it tries; null for the one of the setup. */
	async create(engine: EngineChoice | null = null): Promise<ConversationRow> {
		const now = this.#clock.now();
		const id = newId() as ConversationId;
		const times = { createdAt: now, updatedAt: now };
		const row: ConversationRow = { id, title: '', ...times, ...(engine ? { engine } : {}) };
		await this.#records.commit([write.add(conversationStore, row)]);
		return row;
	}

	/** The one that was used last comes first. */
	async list(): Promise<ConversationRow[]> {
		const rows = await this.#records.list(conversationStore);
		return rows.sort((a, b) => b.updatedAt - a.updatedAt || b.createdAt - a.createdAt);
	}

	get(id: ConversationId): Promise<ConversationRow | undefined> {
		return this.#records.get(conversationStore, id);
	}

	/** Errors: `storage/missing`. An empty title is ignored. */
	async rename(id: ConversationId, title: string): Promise<void> {
		const row = await this.#existing(id);
		const name = title.trim();
		if (name) await this.#records.commit([write.put(conversationStore, { ...row, title: name })]);
	}

	/** From its next question on; null goes back to the one of the setup. Errors: `storage/missing`. */
	async setEngine(id: ConversationId, engine: EngineChoice | null): Promise<void> {
		const row = await this.#existing(id);
		await this.#records.commit([write.put(conversationStore, { ...row, engine })]);
	}

	/** With all its messages. Idempotent. */
	async remove(id: ConversationId): Promise<void> {
		await this.#records.commit([
			write.delete(conversationStore, id),
			write.deletePrefix(messageStore, [id])
		]);
	}

	/** In their order. */
	messages(id: ConversationId): Promise<MessageRow[]> {
		return this.#records.list(messageStore, { prefix: [id] });
	}

	/** Undefined in an empty conversation. */
	async lastMessage(id: ConversationId): Promise<MessageRow | undefined> {
		const [last] = await this.#records.list(messageStore, {
			prefix: [id],
			reverse: true,
			limit: 1
		});
		return last;
	}

	/**
	 * The question as the conversation's next message, on disk when this resolves. The first one gives it its title.
	 * Errors: `storage/missing` when there is no such conversation.
	 */
	async addQuestion(id: ConversationId, text: string): Promise<MessageRow> {
		const conversation = await this.#existing(id);
		const question = await this.#next(id, { role: 'user', text, state: 'complete' });
		const title = conversation.title || conversationTitle(text);
		const used: ConversationRow = { ...conversation, title, updatedAt: question.at };
		await this.#records.commit(
			[write.add(messageStore, question), write.put(conversationStore, used)],
			{ durability: 'strict' }
		);
		return question;
	}

	/** An empty answer that is being written, as the conversation's next message. */
	async addAnswer(id: ConversationId): Promise<MessageRow> {
		const answer = await this.#next(id, { role: 'assistant', text: '', state: 'streaming' });
		await this.#records.commit([write.add(messageStore, answer)]);
		return answer;
	}

	/** Replaces the message at its position; does nothing once its conversation has been removed. */
	async put(message: MessageRow): Promise<void> {
		if (await this.get(message.conversationId))
			await this.#records.commit([write.put(messageStore, message)]);
	}

	/**
	 * To be called at start, before any turn: answers that an earlier session left half-written keep their text and
	 * become `interrupted`. Returns how many.
	 */
	async markInterrupted(): Promise<number> {
		const conversations = await this.#records.list(conversationStore);
		// Only the last message of a conversation is ever being written.
		const last = await Promise.all(conversations.map(({ id }) => this.lastMessage(id)));
		const left = last.filter((message) => message?.state === 'streaming');
		const writes = left.flatMap((message) =>
			message ? [write.put(messageStore, { ...message, state: 'interrupted' as const })] : []
		);
		if (writes.length > 0) await this.#records.commit(writes);
		return writes.length;
	}

	async #existing(id: ConversationId): Promise<ConversationRow> {
		const row = await this.get(id);
		if (!row) throw new AppError('storage/missing', { details: { what: 'the conversation' } });
		return row;
	}

	async #next(
		id: ConversationId,
		what: Pick<MessageRow, 'role' | 'text' | 'state'>
	): Promise<MessageRow> {
		const last = await this.lastMessage(id);
		return {
			...what,
			id: newId() as MessageId,
			conversationId: id,
			position: (last?.position ?? -1) + 1,
			at: this.#clock.now(),
			error: null,
			citations: [],
			provenance: null
		};
	}
}
