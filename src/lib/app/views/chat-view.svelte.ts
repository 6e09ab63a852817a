import { untrack } from 'svelte';
import type { ConversationRow, MessageRow } from '../../chat/chat-records.ts';
import type { TurnParts } from '../../chat/answer-writer.ts';
import type { ConversationId } from '../../core/ids.ts';
import type { EngineChoice } from '../../core/setup.ts';
import { regenerate, runTurn, type OnUpdate } from '../../chat/turn.ts';
import { shownError, type ShownError } from '../shown-error.ts';
import type { ConversationStore } from '../../chat/conversation-store.ts';
import type { ChangeFeed } from '../change-feed.ts';
import type { TurnGate } from '../turn-gate.ts';

interface Parts {
	readonly conversations: ConversationStore;
	/** Asked for at the start of each turn. */
	readonly turn: () => Promise<TurnParts>;
	readonly gate: TurnGate;
	readonly feed: ChangeFeed;
	/** The user has chosen the engine of a chat, perhaps once more. */
	readonly onChosen?: (engine: EngineChoice | null) => void;
}

/** The chats, the one that is open, and the answer that is being written. */
export class ChatView {
	readonly #parts: Parts;
	#conversations = $state.raw<readonly ConversationRow[]>([]);
	#current = $state.raw<ConversationId | null>(null);
	#messages = $state.raw<readonly MessageRow[]>([]);
	#opened = $state(0);
	#error = $state.raw<ShownError | null>(null);
	/** Set for as long as an answer is under way, from the moment it is asked for. */
	#turn = $state.raw<AbortController | null>(null);
	/** For the chat that begins with the next question. */
	#wished = $state.raw<EngineChoice | null>(null);
	/** The conversation in which it is being written. */
	#answering = $state.raw<ConversationId | null>(null);
	/** Its messages so far, newer than what is stored. */
	#live: readonly MessageRow[] = [];
	/** Reads of messages that were begun, and the newest of them that has been shown. */
	#reads = 0;
	#read = 0;

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

	/**
	 * Another number for each chat that was opened, with its messages already there; the same while a new chat gets its
	 * id. A conversation that is drawn anew with it is not read out message by message.
	 */
	get opened(): number {
		return this.#opened;
	}

	/** An answer is being written in the chat that is open. */
	get streaming(): boolean {
		return this.#answering !== null && this.#answering === this.#current;
	}

	/** An answer is being written in some chat. */
	get busy(): boolean {
		return this.#turn !== null;
	}

	/** What the open chat tries, or a new one will; null: the engine of the setup. */
	get engine(): EngineChoice | null {
		if (this.#current === null) return this.#wished;
		return this.#conversations.find(({ id }) => id === this.#current)?.engine ?? null;
	}

	get error(): ShownError | null {
		return this.#error;
	}

	async refresh(): Promise<void> {
		try {
			this.#conversations = await this.#parts.conversations.list();
		} catch (error) {
			this.#error = shownError(error);
		}
		await this.#readMessages();
	}

	/** Shows that chat; null begins a new one. An effect that calls it does not depend on what is open. */
	open = async (id: ConversationId | null): Promise<void> => {
		if (id === untrack(() => this.#current)) return;
		this.#current = id;
		this.#error = null;
		await this.#readMessages();
		if (id === this.#current) this.#opened += 1;
	};

	/** Resolves with the chat's id as soon as it is known, while the answer is still being written. */
	send = async (question: string): Promise<ConversationId | null> => {
		if (this.busy) return this.#current;
		const turn = this.#begin();
		try {
			const id = this.#current ?? (await this.#create());
			void this.#write(turn, id, (parts, onUpdate) =>
				runTurn(parts, id, question, turn.signal, onUpdate)
			);
			return id;
		} catch (error) {
			this.#turn = null;
			this.#error = shownError(error);
			return null;
		}
	};

	/** Writes the last answer of the open chat anew. */
	again = async (): Promise<void> => {
		const id = this.#current;
		if (!id || this.busy) return;
		const turn = this.#begin();
		await this.#write(turn, id, (parts, onUpdate) => regenerate(parts, id, turn.signal, onUpdate));
	};

	/** Ends the answer that is being written; what there is of it stays. */
	stop = (): void => {
		this.#turn?.abort();
	};

	/** Answers in the open chat come from that engine from the next question on; null: from the one of the setup. */
	useEngine = async (engine: EngineChoice | null): Promise<void> => {
		this.#parts.onChosen?.(engine);
		const id = this.#current;
		if (id) await this.#change(() => this.#parts.conversations.setEngine(id, engine));
		else this.#wished = engine;
	};

	rename = (id: ConversationId, title: string): Promise<void> =>
		this.#change(() => this.#parts.conversations.rename(id, title));

	remove = (id: ConversationId): Promise<void> =>
		this.#change(async () => {
			if (this.#answering === id) this.stop();
			await this.#parts.conversations.remove(id);
			if (this.#current === id) await this.open(null);
		});

	#begin(): AbortController {
		const turn = new AbortController();
		this.#turn = turn;
		this.#error = null;
		return turn;
	}

	async #create(): Promise<ConversationId> {
		const row = await this.#parts.conversations.create(this.#wished);
		this.#conversations = [row, ...this.#conversations];
		this.#wished = null;
		this.#current ??= row.id;
		return row.id;
	}

	async #write(
		turn: AbortController,
		id: ConversationId,
		write: (parts: TurnParts, onUpdate: OnUpdate) => Promise<MessageRow>
	): Promise<void> {
		this.#answering = id;
		try {
			// From before its parts are asked for: no engine is replaced between that and the turn's end.
			await this.#parts.gate.during(async () => {
				const parts = await this.#parts.turn();
				await write(parts, (message) => this.#show(id, message));
			});
		} catch (error) {
			this.#error = shownError(error);
		}
		if (this.#turn === turn) this.#turn = null;
		this.#answering = null;
		this.#live = [];
		this.#parts.feed.announce('conversations');
	}

	#show(id: ConversationId, message: MessageRow): void {
		this.#live = withNewer(this.#live, [message]);
		if (id === this.#current) {
			const shown = this.#messages.filter(({ conversationId }) => conversationId === id);
			this.#messages = withNewer(shown, this.#live);
		}
		// The question is stored by now: the chat has its title and its place in every tab's list.
		if (message.role === 'user') this.#parts.feed.announce('conversations');
	}

	/** What an older read finds after a newer one is dropped; what is being written is newer than what is stored. */
	async #readMessages(): Promise<void> {
		const id = untrack(() => this.#current);
		const read = ++this.#reads;
		try {
			const stored = id ? await this.#parts.conversations.messages(id) : [];
			if (read < this.#read || id !== this.#current) return;
			this.#read = read;
			this.#messages = id && id === this.#answering ? withNewer(stored, this.#live) : stored;
		} catch (error) {
			this.#error = shownError(error);
		}
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

/** Messages in their order, with these in place of their older states. */
function withNewer(messages: readonly MessageRow[], newer: readonly MessageRow[]): MessageRow[] {
	const others = messages.filter(({ id }) => !newer.some((message) => message.id === id));
	return [...others, ...newer].sort((a, b) => a.position - b.position);
}
