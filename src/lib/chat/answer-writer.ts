import { toAppError, hasCode } from '../core/errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { AnswerEngine, PassageFinder } from './chat-ports.ts';
import type { Citation, MessageRow } from './chat-records.ts';
import { citedNumbers } from './citation-marks.ts';
import type { ConversationStore } from './conversation-store.ts';
import { buildPrompt, type PastTurn } from './prompt.ts';

export interface TurnParts {
	readonly store: ConversationStore;
	readonly finder: PassageFinder;
	readonly engine: AnswerEngine;
	readonly clock: Clock;
	/** How many passages an answer is given at most. Default 6. */
	readonly passageLimit?: number;
	/** Default 1,024. */
	readonly maxAnswerTokens?: number;
}

export interface AnswerTask {
	readonly question: string;
	/** Oldest first. */
	readonly history: readonly PastTurn[];
	/** Hears the whole row after each change, many times a second: views draw at their own pace. */
	readonly onUpdate: (answer: MessageRow) => void;
}

/** What has been written is stored this often, in milliseconds. */
const saveInterval = 1000;

/** Writes one answer into a row that is stored as `streaming`, and leaves it `complete`, `stopped` or `failed`. */
export class AnswerWriter {
	readonly #parts: TurnParts;
	readonly #task: AnswerTask;
	#row: MessageRow;

	constructor(parts: TurnParts, task: AnswerTask, row: MessageRow) {
		this.#parts = parts;
		this.#task = task;
		this.#row = row;
	}

	/**
	 * The row at its end, which is stored by then in one write. A failure of search or engine ends in the row, with
	 * what was written so far. Errors: those of the store.
	 */
	async write(signal: AbortSignal): Promise<MessageRow> {
		try {
			await this.#generate(signal);
		} catch (error) {
			this.#fail(error);
		}
		this.#change({ citations: this.#sources() });
		await this.#parts.store.put(this.#row);
		return this.#row;
	}

	async #generate(signal: AbortSignal): Promise<void> {
		const { engine, finder, passageLimit = 6, maxAnswerTokens = 1024 } = this.#parts;
		const { question, history } = this.#task;
		const { contextTokens, ...author } = await engine.describe();
		const { passages, index } = await finder.find(question, passageLimit, signal);
		const prompt = buildPrompt({ question, history, passages, contextTokens, maxAnswerTokens });
		const provenance = { ...author, index, usage: null };
		this.#change({ citations: prompt.used, provenance });
		let saved = this.#parts.clock.monotonic();
		for await (const event of engine.generate(prompt.request, signal)) {
			if (event.type === 'end') {
				const state = event.reason === 'cancelled' ? 'stopped' : 'complete';
				this.#change({ state, provenance: { ...provenance, usage: event.usage } });
				return;
			}
			this.#change({ text: this.#row.text + event.text });
			const now = this.#parts.clock.monotonic();
			if (now - saved < saveInterval) continue;
			saved = now;
			await this.#parts.store.put(this.#row);
		}
		this.#change({ state: signal.aborted ? 'stopped' : 'complete' });
	}

	#fail(cause: unknown): void {
		if (hasCode(toAppError(cause), 'cancelled')) {
			this.#change({ state: 'stopped' });
			return;
		}
		const { code, message } = toAppError(cause);
		this.#change({ state: 'failed', error: { code, message } });
	}

	/** The passages that the text cites, in its order; all that were given where it cites none. */
	#sources(): readonly Citation[] {
		const given = new Map(this.#row.citations.map((citation) => [citation.n, citation]));
		const cited = citedNumbers(this.#row.text, given.keys()).flatMap((n) => given.get(n) ?? []);
		return cited.length > 0 ? cited : this.#row.citations;
	}

	#change(change: Partial<MessageRow>): void {
		this.#row = { ...this.#row, ...change };
		this.#task.onUpdate(this.#row);
	}
}
