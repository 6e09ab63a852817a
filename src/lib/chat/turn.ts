import { AppError } from '../core/errors.ts';
import type { ConversationId } from '../core/ids.ts';
import type { EngineChoice } from '../core/setup.ts';
import { AnswerWriter, type TurnParts } from './answer-writer.ts';
import type { MessageRow } from './chat-records.ts';
import type { PastTurn } from './replayed-history.ts';

/** Hears each message of a turn, whole, whenever it is another. Tell them apart by `id`. */
export type OnUpdate = (message: MessageRow) => void;

/**
 * Asks one question. The question is on disk before any work is done for it. Resolves with the answer at its end,
 * whatever that is: `complete`, `stopped` by the signal, or `failed` with its error.
 * Errors: those of the store; `storage/missing` when there is no such conversation.
 */
export async function runTurn(
	parts: TurnParts,
	conversation: ConversationId,
	question: string,
	signal: AbortSignal,
	onUpdate: OnUpdate
): Promise<MessageRow> {
	const past = await parts.store.messages(conversation);
	onUpdate(await parts.store.addQuestion(conversation, question));
	const answer = await parts.store.addAnswer(conversation);
	onUpdate(answer);
	const wanted = await wantedEngine(parts, conversation);
	const task = { question, wanted, history: pastTurns(past), onUpdate };
	return new AnswerWriter(parts, task, answer).write(signal);
}

/**
 * Writes the conversation's last answer anew, in its place, or the one that its last question never got.
 * Resolves as `runTurn` does. Errors: `storage/missing` when there is no question, those of the store.
 */
export async function regenerate(
	parts: TurnParts,
	conversation: ConversationId,
	signal: AbortSignal,
	onUpdate: OnUpdate
): Promise<MessageRow> {
	const messages = await parts.store.messages(conversation);
	const asked = messages.findLastIndex(({ role }) => role === 'user');
	const question = messages[asked];
	if (!question) throw new AppError('storage/missing', { details: { what: 'the question' } });
	const answer = await startAgain(parts, conversation, messages[asked + 1]);
	onUpdate(answer);
	const wanted = await wantedEngine(parts, conversation);
	const history = pastTurns(messages.slice(0, asked));
	const task = { question: question.text, wanted, history, onUpdate };
	return new AnswerWriter(parts, task, answer).write(signal);
}

async function wantedEngine(
	{ store }: TurnParts,
	conversation: ConversationId
): Promise<EngineChoice | null> {
	return (await store.get(conversation))?.engine ?? null;
}

/** The row to write into. The old answer stays until there is something to put in its place. */
async function startAgain(
	{ store, clock }: TurnParts,
	conversation: ConversationId,
	old: MessageRow | undefined
): Promise<MessageRow> {
	if (!old) return store.addAnswer(conversation);
	return { ...old, at: clock.now(), state: 'streaming', error: null };
}

/** The questions that were answered, oldest first. */
function pastTurns(messages: readonly MessageRow[]): PastTurn[] {
	return messages.flatMap((message, i) => {
		const answer = messages[i + 1];
		if (message.role !== 'user' || answer?.role !== 'assistant') return [];
		if (answer.state === 'failed' || !answer.text) return [];
		return [{ question: message.text, answer: answer.text, sent: answer.sent ?? null }];
	});
}
