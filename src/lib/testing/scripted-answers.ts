import { AppError } from '../core/errors.ts';
import type { EndReason, GenerateEvent, GenerateRequest, Usage } from '../core/generation.ts';
import type { EngineChoice } from '../core/setup.ts';
import type { Answering, AnswerEngine } from '../chat/chat-ports.ts';
import type { ManualClock } from './manual-clock.ts';
import { scriptedChoice } from './setup-with.ts';

export const scriptedUsage: Usage = {
	promptTokens: 9,
	completionTokens: 3,
	firstTokenMs: 1,
	totalMs: 2
};

type Piece =
	string | AppError | Promise<unknown> | Extract<GenerateEvent, { type: 'reasoning-delta' }>;

/** What the next answer is made of; an error ends it, a promise is waited for. */
interface Script {
	pieces: readonly Piece[];
	end?: EndReason;
	/** How long it takes to load; at once by default. */
	loading?: Promise<unknown>;
}

/** Chat engines that say given pieces, one second each. One that fails is followed by the next of `others`. */
export class ScriptedAnswers implements AnswerEngine, Script {
	readonly requests: GenerateRequest[] = [];
	/** What was asked for, and what failed, in order. */
	readonly wanted: (EngineChoice | null)[] = [];
	readonly failures: unknown[] = [];
	pieces: readonly Piece[];
	end: EndReason = 'stop';
	/** Of the first engine. */
	facts: Partial<Answering> = {};
	/** What answers in place of an engine that failed, in order. */
	others: readonly (Script & { readonly facts?: Partial<Answering> })[] = [];
	loading: Promise<unknown> = Promise.resolve();
	readonly #clock: ManualClock;

	constructor(clock: ManualClock, ...pieces: Piece[]) {
		this.#clock = clock;
		this.pieces = pieces;
	}

	async open(wanted: EngineChoice | null): Promise<Answering> {
		this.wanted.push(wanted);
		await this.loading;
		return this.#answering(this, this.facts, 0);
	}

	#answering(script: Script, facts: Partial<Answering>, at: number): Answering {
		return {
			engine: scriptedChoice(String(at + 1)),
			extractive: false,
			device: 'wasm',
			contextTokens: 4096,
			mishaps: [],
			generate: (request, signal) => this.#generate(script, request, signal),
			insteadOf: async (error) => {
				this.failures.push(error);
				const other = this.others[at];
				if (!other) throw error;
				await other.loading;
				return this.#answering(other, other.facts ?? {}, at + 1);
			},
			...facts
		};
	}

	async *#generate(
		script: Script,
		request: GenerateRequest,
		signal: AbortSignal
	): AsyncIterable<GenerateEvent> {
		this.requests.push(request);
		for (const piece of script.pieces) {
			if (signal.aborted) break;
			if (piece instanceof AppError) throw piece;
			if (piece instanceof Promise) await piece;
			else if (typeof piece === 'object') yield piece;
			else {
				await this.#clock.advance(1000);
				yield { type: 'text-delta', text: piece };
			}
		}
		const reason = signal.aborted ? 'cancelled' : (script.end ?? 'stop');
		yield { type: 'end', reason, usage: scriptedUsage };
	}
}
