import type { ChatCompletionChunk, CompletionUsage } from '@mlc-ai/web-llm';
import type { GenerateRequest } from '../../core/generation.ts';
import type { ReasoningFormat } from '../../core/model-spec.ts';
import type { GenerateDelta } from '../base-model-engine.ts';
import { cutAtStop } from '../cut-at-stop.ts';
import type { GenerateOutcome } from '../generation-meter.ts';
import { ReasoningBudget } from '../reasoning/reasoning-budget.ts';
import { separateReasoning } from '../reasoning/separate-reasoning.ts';
import type { ChosenOptions } from './chat-options.ts';
import { chatRequest } from './chat-request.ts';
import { mlcModel, tokensOf, type MlcEngine } from './mlc-engine.ts';
import type { ReasoningLimiter } from './reasoning-limiter.ts';

export interface ChatWriterParts {
	readonly engine: MlcEngine;
	readonly chosen: ChosenOptions;
	readonly reasoning: ReasoningFormat | null;
	/** Given for models that reason. */
	readonly limiter: ReasoningLimiter | null;
	/** Ends work on a device that is gone. */
	readonly unlessLost: <T>(work: Promise<T>) => Promise<T>;
}

/** A loaded language model: writes the next turn of a conversation. One call at a time. */
export class ChatWriter {
	readonly #parts: ChatWriterParts;

	constructor(parts: ChatWriterParts) {
		this.#parts = parts;
	}

	/** Errors: those of the runtime. An abort ends it after the token at hand; nothing ends the reading of the prompt. */
	async *write(
		request: GenerateRequest,
		signal: AbortSignal
	): AsyncGenerator<GenerateDelta, GenerateOutcome> {
		const { reasoning } = this.#parts;
		const end: AnswerEnd = { reason: 'stop', usage: null };
		const deltas = this.#stream(request, signal, end);
		const parted = reasoning ? separateReasoning(deltas, reasoning) : deltas;
		const outcome = yield* cutAtStop(parted, request.stop);
		return { ...outcome, ...(end.usage && this.#countsOf(end.usage)) };
	}

	async *#stream(
		request: GenerateRequest,
		signal: AbortSignal,
		end: AnswerEnd
	): AsyncGenerator<GenerateDelta, GenerateOutcome> {
		if (signal.aborted) return { reason: 'cancelled' };
		const { engine, chosen, unlessLost } = this.#parts;
		this.#limitReasoning(request.reasoningTokens);
		const interrupt = (): void => void engine.interruptGenerate();
		const answer = await engine.chat.completions.create(chatRequest(request, chosen.templated));
		const chunks = answer[Symbol.asyncIterator]();
		const next = async (): Promise<string | null> => {
			const step = await unlessLost(chunks.next());
			return step.done ? null : take(step.value, end);
		};
		signal.addEventListener('abort', interrupt, { once: true });
		try {
			for (;;) {
				// It forgets an interruption that came before it had begun: say it again at each step.
				if (isAborted(signal)) interrupt();
				const text = await next();
				if (text === null) return { reason: end.reason };
				if (text !== '') yield { type: 'text-delta', text };
			}
		} finally {
			signal.removeEventListener('abort', interrupt);
			interrupt();
			// For a reader that has enough, or an error: the next call must find the model at rest.
			while ((await next().catch(() => null)) !== null);
		}
	}

	#limitReasoning(limit: number | undefined): void {
		const { engine, limiter, reasoning } = this.#parts;
		if (!limiter || !reasoning) return;
		limiter.budget =
			limit === undefined
				? null
				: new ReasoningBudget({
						limit,
						open: tokensOf(engine, reasoning.open),
						close: tokensOf(engine, reasoning.close),
						opened: reasoning.opened
					});
	}

	/**
	 * The runtime counts the prompt's tokens that it has read for this answer. The others are in its memory, where the
	 * answer is by now too, but for its last token, which has been written and not read.
	 */
	#countsOf({
		prompt_tokens: read,
		completion_tokens: written
	}: CompletionUsage): Omit<GenerateOutcome, 'reason'> {
		const { engine, chosen } = this.#parts;
		const counts = { promptTokens: read, completionTokens: written };
		const filled = engine.loadedModelIdToPipeline.get(mlcModel)?.filledKVCacheLength;
		if (filled === undefined) return counts;
		const others = Math.max(0, filled - read - Math.max(0, written - 1));
		const cachedTokens = others > chosen.prefixTokens ? others : 0;
		return { ...counts, promptTokens: read + others, cachedTokens };
	}
}

interface AnswerEnd {
	reason: GenerateOutcome['reason'];
	usage: CompletionUsage | null;
}

/** The chunk's text; what it says of the end is noted. */
function take({ choices, usage }: ChatCompletionChunk, end: AnswerEnd): string {
	const [choice] = choices;
	if (usage) end.usage = usage;
	if (choice?.finish_reason === 'length') end.reason = 'length';
	if (choice?.finish_reason === 'abort') end.reason = 'cancelled';
	return choice?.delta.content ?? '';
}

/** Asked anew after an await: the compiler would believe that nothing has changed. */
function isAborted(signal: AbortSignal): boolean {
	return signal.aborted;
}
