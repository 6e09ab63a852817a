import type { ChatMessage } from '../core/generation.ts';
import { withoutCitationMarks } from './citation-syntax.ts';
import { messageTokens } from './message-tokens.ts';

/** A question of this conversation and what was answered. */
export interface PastTurn {
	readonly question: string;
	/** As the engine wrote it, with citation marks and without reasoning. */
	readonly answer: string;
	/** The question with its passages as it was sent; null where nobody noted it. */
	readonly sent: string | null;
}

/** How the past turns of a conversation are told to an engine: none, then compact ones, then whole ones. */
export interface ReplayedHistory {
	/** Turns before this one are left out. */
	readonly from: number;
	/** Turns before this one are compact: the bare question, and the answer without marks of passages that are not there. */
	readonly wholeFrom: number;
}

/** Compact turns may take that much of the room beside the question; where they take more, the oldest go until … */
const mostOfRoom = 3 / 4;
/** … they take that much, so that it is a while until they go again. */
const leastOfRoom = 1 / 2;

/**
 * Which turns go along with a question of that many tokens, in a room for history and question. It follows from turns
 * and room alone, and the same turns are told in the same way for as long as whole ones fit behind them: the prompt of
 * a question begins with that of the question before, word for word, and an engine that remembers reads only what is
 * new. Never over the room, unless the question alone is.
 */
export function replayedHistory(
	turns: readonly PastTurn[],
	questionTokens: number,
	roomTokens: number
): ReplayedHistory {
	const whole = sumsOf(turns, (turn) => messagesOf(wholeTurn(turn)));
	const compact = sumsOf(turns, (turn) => messagesOf(compactTurn(turn)));
	const span = (sums: readonly number[], from: number, to: number): number =>
		(sums[to] ?? 0) - (sums[from] ?? 0);

	function after({ from, wholeFrom }: ReplayedHistory, at: number, room: number): ReplayedHistory {
		if (span(compact, from, wholeFrom) + span(whole, wholeFrom, at) <= room)
			return { from, wholeFrom };
		let first = from;
		if (span(compact, first, at) > room * mostOfRoom) {
			while (first < at && span(compact, first, at) > room * leastOfRoom) first += 1;
		}
		return { from: first, wholeFrom: at };
	}

	let kept: ReplayedHistory = { from: 0, wholeFrom: 0 };
	for (const [at, turn] of turns.entries()) {
		const room = roomTokens - messageTokens(wholeTurn(turn).asked);
		// What was sent to an engine that holds more was never a question to this one.
		if (room >= 0) kept = after(kept, at, room);
	}
	return after(kept, turns.length, roomTokens - questionTokens);
}

/** The messages of those turns, oldest first. */
export function replay(
	turns: readonly PastTurn[],
	{ from, wholeFrom }: ReplayedHistory
): ChatMessage[] {
	return turns
		.slice(from)
		.flatMap((turn, i) => messagesOf(from + i < wholeFrom ? compactTurn(turn) : wholeTurn(turn)));
}

interface Told {
	readonly asked: string;
	readonly answered: string;
}

function compactTurn({ question, answer }: PastTurn): Told {
	return { asked: question, answered: withoutCitationMarks(answer) };
}

function wholeTurn(turn: PastTurn): Told {
	return turn.sent === null ? compactTurn(turn) : { asked: turn.sent, answered: turn.answer };
}

function messagesOf({ asked, answered }: Told): ChatMessage[] {
	return [
		{ role: 'user', content: asked },
		{ role: 'assistant', content: answered }
	];
}

/** Tokens of the first 0, 1, 2, … turns. */
function sumsOf(
	turns: readonly PastTurn[],
	told: (turn: PastTurn) => readonly ChatMessage[]
): number[] {
	let sum = 0;
	return [0, ...turns.map((turn) => (sum += messageTokensOf(told(turn))))];
}

function messageTokensOf(messages: readonly ChatMessage[]): number {
	return messages.reduce((sum, { content }) => sum + messageTokens(content), 0);
}
