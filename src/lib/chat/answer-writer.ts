import { describeError } from '../core/error-table.ts';
import { hasCode, toAppError } from '../core/errors.ts';
import type { EndReason, GenerateEvent, Usage } from '../core/generation.ts';
import type { EngineChoice } from '../core/setup.ts';
import type { Clock } from '../ports/clock.ts';
import type { Answering, AnswerEngine, PassageFinder } from './chat-ports.ts';
import type { Citation, MessageRow, Provenance } from './chat-records.ts';
import type { ConversationStore } from './conversation-store.ts';
import { buildPrompt, type Prompt } from './prompt.ts';
import type { PastTurn } from './replayed-history.ts';
import { reasoningAfter } from './reasoning-after.ts';
import { roomAfterOverflow, type TokenRoom } from './token-room.ts';
import { untilAborted } from '../core/until-aborted.ts';

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
	/** Null: the engine of the setup. */
	readonly wanted: EngineChoice | null;
	/** Oldest first. */
	readonly history: readonly PastTurn[];
	/** Hears the whole row after each change, many times a second: views draw at their own pace. */
	readonly onUpdate: (answer: MessageRow) => void;
}

type Found = Awaited<ReturnType<PassageFinder['find']>>;

/** What has been written is stored this often, in milliseconds. */
const saveInterval = 1000;
/** How often a prompt that an engine found too long is built anew, smaller. */
const maxRebuilds = 3;

/**
 * Writes one answer into a row that is stored as `streaming`, and leaves it `complete`, `stopped` or `failed`. What the
 * row says already, and what an engine had written when it failed, stays until something else is written.
 */
export class AnswerWriter {
	readonly #parts: TurnParts;
	readonly #task: AnswerTask;
	readonly #mishaps = new Set<string>();
	#row: MessageRow;
	/** What the attempt at hand puts in place of the row's with its first piece; null once it has. */
	#next: Partial<MessageRow> | null = null;
	/** When the row was stored last, and when the reasoning in it began, by the monotonic clock. */
	#saved = 0;
	#reasoningSince = 0;

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
			await this.#answer(signal);
		} catch (error) {
			this.#fail(error);
		}
		this.#change({ citations: await this.#sources() });
		await this.#parts.store.put(this.#row);
		return this.#row;
	}

	/** Goes from engine to engine until one has answered. */
	async #answer(signal: AbortSignal): Promise<void> {
		const { engine, finder, passageLimit = 6 } = this.#parts;
		const { question, wanted } = this.#task;
		let answering = await this.#opened(engine.open(wanted, signal), signal);
		const search = finder.find(question, passageLimit, signal);
		const found = await untilAborted(search, signal);
		for (;;) {
			try {
				await this.#attempt(answering, found, signal);
				return;
			} catch (error) {
				if (isFinal(error)) throw error;
				await this.#save();
				answering = await this.#opened(answering.insteadOf(error, signal), signal);
			}
		}
	}

	async #opened(opening: Promise<Answering>, signal: AbortSignal): Promise<Answering> {
		const answering = await untilAborted(opening, signal);
		for (const mishap of answering.mishaps) this.#mishaps.add(mishap);
		return answering;
	}

	/** Answers with that engine. A prompt that it finds too long is built anew with what it has measured. */
	async #attempt(answering: Answering, found: Found, signal: AbortSignal): Promise<void> {
		const { question, history } = this.#task;
		const { maxAnswerTokens = 1024 } = this.#parts;
		let room: TokenRoom = { contextTokens: answering.contextTokens, tokenScale: 1 };
		for (let rebuilds = 0; ; rebuilds += 1) {
			const { passages } = found;
			const prompt = buildPrompt({ question, history, passages, maxAnswerTokens, ...room });
			try {
				await this.#generate(answering, found, prompt, signal);
				return;
			} catch (error) {
				if (rebuilds === maxRebuilds || !hasCode(error, 'engine/context-overflow')) throw error;
				room = roomAfterOverflow(room, error, prompt.estimatedTokens);
			}
		}
	}

	async #generate(
		answering: Answering,
		{ index }: Found,
		{ request, used, droppedTurns }: Prompt,
		signal: AbortSignal
	): Promise<void> {
		const { engine, extractive, device, adapters } = answering;
		const provenance = this.#withMishaps({
			...{ engine, extractive, device, index, usage: null },
			...(droppedTurns > 0 ? { droppedTurns } : {}),
			...(adapters ? { adapters } : {})
		});
		const sent = request.messages.at(-1)?.content ?? '';
		this.#next = { text: '', citations: used, provenance, reasoning: null, sent };
		this.#saved = this.#parts.clock.monotonic();
		if (!this.#row.text) this.#startOver();
		this.#change({});
		for await (const event of answering.generate(request, signal)) {
			if (event.type === 'end') {
				this.#end(event.reason, event.usage);
				return;
			}
			await this.#add(event);
		}
		this.#end(signal.aborted ? 'cancelled' : 'stop', null);
	}

	/** From here on the row is that of the attempt at hand. To be followed by a change. */
	#startOver(): void {
		this.#row = { ...this.#row, ...this.#next };
		this.#next = null;
	}

	async #add(event: Exclude<GenerateEvent, { readonly type: 'end' }>): Promise<void> {
		this.#startOver();
		const now = this.#parts.clock.monotonic();
		const { text, reasoning = null } = this.#row;
		if (!reasoning) this.#reasoningSince = now;
		this.#change({
			text: event.type === 'text-delta' ? text + event.text : text,
			reasoning: reasoningAfter(reasoning, event, now - this.#reasoningSince)
		});
		if (now - this.#saved >= saveInterval) await this.#save();
	}

	#end(reason: EndReason, usage: Usage | null): void {
		const stopped = reason === 'cancelled';
		if (!stopped) this.#startOver();
		const { provenance } = this.#row;
		// An engine that was stopped before it wrote has no part in what is there.
		const mine = provenance && !this.#next;
		this.#change({
			state: stopped ? 'stopped' : 'complete',
			...(mine ? { provenance: { ...provenance, usage, end: reason } } : {})
		});
	}

	#fail(cause: unknown): void {
		const { code, message, details } = toAppError(cause);
		if (code === 'cancelled') {
			this.#change({ state: 'stopped' });
			return;
		}
		const { advice } = describeError(code, details);
		const { provenance } = this.#row;
		this.#change({
			...{ state: 'failed', error: { code, message, advice } },
			provenance: provenance && this.#withMishaps(provenance)
		});
	}

	#withMishaps(provenance: Provenance): Provenance {
		const mishaps = [...this.#mishaps];
		return mishaps.length > 0 ? { ...provenance, mishaps } : provenance;
	}

	/** The passages that the text cites, in its order; all that were given where it cites none. */
	async #sources(): Promise<readonly Citation[]> {
		const { text, citations } = this.#row;
		const given = new Map(citations.map((citation) => [citation.n, citation]));
		const numbers = await citedIn(text, given.keys());
		const cited = numbers.flatMap((n) => given.get(n) ?? []);
		return cited.length > 0 ? cited : citations;
	}

	/** Whether all of the answer can be stored is decided by the last write: it goes on without this one. */
	async #save(): Promise<void> {
		this.#saved = this.#parts.clock.monotonic();
		await this.#parts.store.put(this.#row).catch(() => undefined);
	}

	#change(change: Partial<MessageRow>): void {
		this.#row = { ...this.#row, ...change };
		this.#task.onUpdate(this.#row);
	}
}

/** Another engine would not help, or is not wanted. */
function isFinal(error: unknown): boolean {
	return hasCode(toAppError(error), 'cancelled') || hasCode(error, 'engine/context-overflow');
}

/** As `citedNumbers`; none where the code for it cannot be had. */
async function citedIn(text: string, known: Iterable<number>): Promise<number[]> {
	try {
		// It reads Markdown, as the view of an answer does, and comes with that: the first page does without.
		const { citedNumbers } = await import('./citation-marks.ts');
		return citedNumbers(text, known);
	} catch {
		return [];
	}
}
