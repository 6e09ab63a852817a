import type { ChatMessage } from '../../core/generation.ts';
import type { MessageRow } from '../chat-records.ts';
import { withoutCitationMarks } from '../citation-syntax.ts';
import { groundedMessages } from '../prompt.ts';

export interface JudgedPrompt {
	/** As the user wrote it. Nothing of documents, but for what earlier answers say of them. */
	readonly prompt: readonly ChatMessage[];
	/** As the engine was given it; null where nobody noted that. */
	readonly given: readonly ChatMessage[] | null;
}

interface Turn {
	readonly question: MessageRow;
	readonly answer: MessageRow;
}

/**
 * What that answer answers: the turns that its engine was told of, then the question. Never reasoning.
 * `before`: the messages of its chat that stand before it. Null when none of them is a question.
 */
export function judgedPrompt(
	answer: MessageRow,
	before: readonly MessageRow[]
): JudgedPrompt | null {
	const asked = before.findLastIndex(({ role }) => role === 'user');
	const question = before[asked];
	if (!question) return null;
	const turns = answeredTurns(before.slice(0, asked)).slice(answer.provenance?.droppedTurns ?? 0);
	const prompt = [...turns.flatMap(plain), user(question.text)];
	if (answer.sent === undefined) return { prompt, given: null };
	const instructions = groundedMessages('', []).slice(0, 1);
	return { prompt, given: [...instructions, ...turns.flatMap(asSent), user(answer.sent)] };
}

function answeredTurns(messages: readonly MessageRow[]): Turn[] {
	return messages.flatMap((question, i) => {
		const answer = messages[i + 1];
		if (question.role !== 'user' || answer?.role !== 'assistant') return [];
		return answer.state === 'failed' || !answer.text ? [] : [{ question, answer }];
	});
}

function plain({ question, answer }: Turn): ChatMessage[] {
	return [user(question.text), assistant(withoutCitationMarks(answer.text))];
}

function asSent(turn: Turn): ChatMessage[] {
	const { sent, text } = turn.answer;
	return sent === undefined ? plain(turn) : [user(sent), assistant(text)];
}

function user(content: string): ChatMessage {
	return { role: 'user', content };
}

function assistant(content: string): ChatMessage {
	return { role: 'assistant', content };
}
