import type { RecordStore } from '../ports/record-store.ts';
import { conversationStore, messageStore, type MessageRow } from './chat-records.ts';

interface Asked {
	readonly question: string;
	/** Texts of the passages that the answer cites. */
	readonly cited: readonly string[];
	readonly at: number;
}

/** What the user has asked the documents in all chats of this device. */
export class PastQuestions {
	readonly #records: RecordStore;

	constructor(records: RecordStore) {
		this.#records = records;
	}

	/** Distinct questions whose answers stand on passages, the newest first, at most `limit`. */
	async pastQuestions(limit: number): Promise<Omit<Asked, 'at'>[]> {
		const conversations = await this.#records.list(conversationStore);
		let newest = new Map<string, Asked>();
		for (const { id, updatedAt } of conversations.sort((a, b) => b.updatedAt - a.updatedAt)) {
			// Nothing in a chat is younger than the chat itself.
			const oldest = [...newest.values()].at(limit - 1);
			if (oldest && updatedAt < oldest.at) break;
			const messages = await this.#records.list(messageStore, { prefix: [id] });
			newest = merged([...newest.values(), ...askedIn(messages)], limit);
		}
		return [...newest.values()].map(({ question, cited }) => ({ question, cited }));
	}
}

/** The questions of one chat that were answered from documents. */
function askedIn(messages: readonly MessageRow[]): Asked[] {
	return messages.flatMap((message, i) => {
		const answer = messages[i + 1];
		if (message.role !== 'user' || answer?.role !== 'assistant') return [];
		if (answer.state !== 'complete' || answer.citations.length === 0) return [];
		const cited = answer.citations.map(({ text }) => text);
		return [{ question: message.text.trim(), cited, at: message.at }];
	});
}

/** The newest of each question, newest first. */
function merged(asked: readonly Asked[], limit: number): Map<string, Asked> {
	const distinct = new Map<string, Asked>();
	for (const each of [...asked].sort((a, b) => b.at - a.at)) {
		const key = each.question.toLowerCase().replace(/\s+/g, ' ');
		if (distinct.size < limit && !distinct.has(key)) distinct.set(key, each);
	}
	return distinct;
}
