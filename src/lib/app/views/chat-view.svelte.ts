import type { ConversationRow, MessageRow } from '../../chat/chat-records.ts';
import type { TurnParts } from '../../chat/answer-writer.ts';
import type { ConversationId } from '../../core/ids.ts';
import { regenerate, runTurn, type OnUpdate } from '../../chat/turn.ts';
import { shownError, type ShownError } from '../shown-error.ts';
import type { ConversationStore } from '../../chat/conversation-store.ts';
import type { ChangeFeed } from '../change-feed.ts';
import type { TurnGate } from '../turn-gate.ts';

interface Parts {
	readonly conversations: ConversationStore;
	readonly turn: TurnParts;
	readonly gate: TurnGate;
	readonly feed: ChangeFeed;
}

/** The chats, the one that is open, and the answer that is being written. */
export class ChatView {
	readonly #parts: Parts;
	#conversations = $state.raw<readonly ConversationRow[]>([]);
	#current = $state.raw<ConversationId | null>(null);
	#messages = $state.raw<readonly MessageRow[]>([]);
	#error = $state.raw<ShownError | null>(null);
	/** The conversation in which an answer is being written. */
	#answering = $state.raw<ConversationId | null>(null);
	#turn: AbortController | null = null;

	/** What is being written, kept while the user looks at other pages. */
	draft = $state('');

	constructor(parts: Parts) {
		this.#parts = parts;
		parts.feed.on('conversations', () => void this.refresh());
	}

	get conversations(): readonly ConversationRow[] {
		return this.#conversations;
	}

	/** Null: a new chat that has no message yet. */
	get current(): ConversationId | null {
		return this.#current;
	}

	get messages(): readonly MessageRow[] {
		return this.#messages;
	}

	/** An answer is being written in the chat that is open. */
	get streaming(): boolean {
		return this.#answering !== null && this.#answering === this.#current;
	}

	/** An answer is being written in some chat. */
	get busy(): boolean {
		return this.#answering !== null;
	}

	get error(): ShownError | null {
		return this.#error;
	}

	async refresh(): Promise<void> {
		this.#conversations = await this.#parts.conversations.list();
		// What is being written is newer here than on disk.
		if (!this.streaming) await this.#readMessages();
	}

	/** Shows that chat; null begins a new one. */
	open = async (id: ConversationId | null): Promise<void> => {
		if (id === this.#current) return;
		this.#current = id;
		this.#messages = [];
		this.#error = null;
		await this.#readMessages();
	};

	/** Resolves with the chat's id as soon as it is known, while the answer is still being written. */
	send = async (question: string): Promise<ConversationId | null> => {
		if (this.busy) return this.#current;
		try {
			const id = this.#current ?? (await this.#parts.conversations.create()).id;
			this.#current = id;
			void this.#write(id, (signal, onUpdate) =>
				runTurn(this.#parts.turn, id, question, signal, onUpdate)
			);
			return id;
		} catch (error) {
			this.#error = shownError(error);
			return null;
		}
	};

	/** Writes the last answer of the open chat anew. */
	again = async (): Promise<void> => {
		const id = this.#current;
		if (!id || this.busy) return;
		await this.#write(id, (signal, onUpdate) => regenerate(this.#parts.turn, id, signal, onUpdate));
	};

	/** Ends the answer that is being written; what there is of it stays. */
	stop = (): void => {
		this.#turn?.abort();
	};

	rename = (id: ConversationId, title: string): Promise<void> =>
		this.#change(() => this.#parts.conversations.rename(id, title));

	remove = (id: ConversationId): Promise<void> =>
		this.#change(async () => {
			if (this.#answering === id) this.stop();
			await this.#parts.conversations.remove(id);
			if (this.#current === id) await this.open(null);
		});

	async #write(
		id: ConversationId,
		turn: (signal: AbortSignal, onUpdate: OnUpdate) => Promise<MessageRow>
	): Promise<void> {
		const controller = new AbortController();
		this.#turn = controller;
		this.#answering = id;
		this.#error = null;
		try {
			await this.#parts.gate.during(() =>
				turn(controller.signal, (message) => this.#show(id, message))
			);
		} catch (error) {
			this.#error = shownError(error);
		}
		this.#answering = null;
		this.#turn = null;
		this.#parts.feed.announce('conversations');
	}

	#show(id: ConversationId, message: MessageRow): void {
		if (id !== this.#current) return;
		const others = this.#messages.filter((each) => each.id !== message.id);
		this.#messages = [...others, message].sort((a, b) => a.position - b.position);
	}

	async #readMessages(): Promise<void> {
		const id = this.#current;
		const messages = id ? await this.#parts.conversations.messages(id) : [];
		if (id === this.#current && !this.streaming) this.#messages = messages;
	}

	async #change(change: () => Promise<void>): Promise<void> {
		try {
			await change();
		} catch (error) {
			this.#error = shownError(error);
		}
		this.#parts.feed.announce('conversations');
	}
}
