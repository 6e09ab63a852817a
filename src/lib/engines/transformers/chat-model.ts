import {
	DynamicCache,
	InterruptableStoppingCriteria,
	random,
	Tensor,
	type PreTrainedModel,
	type PreTrainedTokenizer,
	type TextStreamer
} from '@huggingface/transformers';
import { AppError } from '../../core/errors.ts';
import type { GenerateRequest } from '../../core/generation.ts';
import type { ReasoningFormat } from '../../core/model-spec.ts';
import type { GenerateDelta } from '../base-model-engine.ts';
import { Breather } from '../breather.ts';
import { cutAtStop } from '../cut-at-stop.ts';
import type { GenerateOutcome } from '../generation-meter.ts';
import { PushStream } from '../push-stream.ts';
import { ReasoningBudget } from '../reasoning/reasoning-budget.ts';
import { separateReasoning } from '../reasoning/separate-reasoning.ts';
import { AnswerStreamer } from './answer-streamer.ts';
import type { ChatPrompt } from './chat-prompt.ts';
import { cutKeyValues } from './cut-key-values.ts';
import { forceToken } from './force-token.ts';
import { keepNucleus } from './keep-nucleus.ts';
import { logitsFault } from './logits-fault.ts';
import { logitsSteps } from './logits-steps.ts';
import { PromptMemory } from './prompt-memory.ts';
import { hiddenTokens, reasoningMarks, type ReasoningMarks } from './reasoning-marks.ts';
import { samplingOptions } from './sampling-options.ts';
import { TokenText } from './token-text.ts';

export interface ChatModelOptions {
	readonly prompt: ChatPrompt;
	readonly contextTokens: number;
	/** Null for models that do not reason. */
	readonly reasoning: ReasoningFormat | null;
}

/** What is known of an answer so far. */
interface AnswerState {
	readonly promptTokens: number;
	completionTokens: number;
	cachedTokens: number;
	lastToken: bigint | null;
}

/** A loaded language model: writes the next turn of a conversation. One call at a time. */
export class ChatModel {
	readonly #model: PreTrainedModel;
	readonly #tokenizer: PreTrainedTokenizer;
	readonly #options: ChatModelOptions;
	readonly #memory = new PromptMemory<DynamicCache>({
		create: () => new DynamicCache(),
		cut: cutKeyValues
	});
	readonly #endTokens: readonly number[];
	readonly #marks: ReasoningMarks | null;
	readonly #hidden: ReadonlySet<number>;

	constructor(model: PreTrainedModel, tokenizer: PreTrainedTokenizer, options: ChatModelOptions) {
		this.#model = model;
		this.#tokenizer = tokenizer;
		this.#options = options;
		this.#endTokens = endTokens(model, tokenizer);
		this.#marks = options.reasoning && reasoningMarks(tokenizer, options.reasoning);
		this.#hidden = hiddenTokens(tokenizer.all_special_ids, this.#endTokens, this.#marks);
		pauseBetweenTokens(model);
	}

	/** Errors: `engine/context-overflow`, `engine/bad-output`. An abort ends it within 50 ms and a token. */
	async *generate(
		request: GenerateRequest,
		signal: AbortSignal
	): AsyncGenerator<GenerateDelta, GenerateOutcome> {
		const { prompt: template, contextTokens, reasoning } = this.#options;
		const prompt = template.tokens(request.messages);
		const promptTokens = prompt.length;
		const room = contextTokens - promptTokens;
		if (room < 1)
			throw new AppError('engine/context-overflow', { details: { promptTokens, contextTokens } });
		const state = { promptTokens, completionTokens: 0, cachedTokens: 0, lastToken: null };
		const maxTokens = Math.min(request.maxTokens, room);
		const written = this.#stream(prompt, { ...request, maxTokens }, signal, state);
		const apart = reasoning ? separateReasoning(written, reasoning) : written;
		const { reason } = yield* cutAtStop(apart, [...(request.stop ?? []), ...template.stops]);
		const { completionTokens, cachedTokens } = state;
		return { reason, promptTokens, completionTokens, cachedTokens };
	}

	async dispose(): Promise<void> {
		await this.#memory.forget();
		await this.#model.dispose();
	}

	/** All that the model writes, marks of reasoning included. */
	async *#stream(
		prompt: readonly bigint[],
		request: GenerateRequest,
		signal: AbortSignal,
		state: AnswerState
	): AsyncGenerator<GenerateDelta, GenerateOutcome> {
		const pieces = new PushStream<GenerateDelta>();
		const reader = new AbortController();
		const stop = AbortSignal.any([signal, reader.signal]);
		const writing = this.#write(prompt, request, stop, pieces, state);
		// Its failure is told below; the stream need only end.
		writing.catch(() => undefined).finally(() => pieces.close());
		try {
			yield* pieces;
		} finally {
			// Also for a reader that walked away: the next call must find the model at rest.
			reader.abort();
			await writing.catch(() => undefined);
		}
		await writing;
		const isComplete =
			state.lastToken !== null && this.#endTokens.includes(Number(state.lastToken));
		return { reason: signal.aborted ? 'cancelled' : isComplete ? 'stop' : 'length' };
	}

	/** Pushes the text as it forms. */
	async #write(
		prompt: readonly bigint[],
		request: GenerateRequest,
		signal: AbortSignal,
		pieces: PushStream<GenerateDelta>,
		state: AnswerState
	): Promise<void> {
		const answer: bigint[] = [];
		const budget = this.#budget(request);
		const stopping = new InterruptableStoppingCriteria();
		const interrupt = (): void => stopping.interrupt();
		const seen: { fault: string | null } = { fault: null };
		const streamer = new AnswerStreamer({
			text: new TokenText((tokens) => this.#decode(tokens), this.#hidden),
			isSpoilt: () => seen.fault !== null,
			onToken: (token) => {
				answer.push(token);
				state.completionTokens = answer.length;
				state.lastToken = token;
				budget?.observe(Number(token));
			},
			onText: (text) => pieces.push({ type: 'text-delta', text })
		});
		const cache = await this.#memory.take(prompt);
		state.cachedTokens = cache.get_seq_length();
		signal.addEventListener('abort', interrupt, { once: true });
		if (signal.aborted) interrupt();
		seedSampling(request.seed);
		try {
			await this.#model.generate({
				input_ids: row(prompt),
				attention_mask: row(prompt.map(() => 1n)),
				past_key_values: cache,
				max_new_tokens: request.maxTokens,
				eos_token_id: [...this.#endTokens],
				...samplingOptions(request),
				logits_processor: logitsSteps([
					(logits) => {
						seen.fault ??= logitsFault(logits);
						// Instead of throwing: the runtime gives back what it holds only at the end of its loop.
						if (seen.fault !== null) interrupt();
					},
					(logits) => keepNucleus(logits, request.temperature > 0 ? (request.topP ?? 1) : 1),
					(logits) => forceToken(logits, budget?.forced ?? null)
				]),
				stopping_criteria: stopping,
				// The types ask for the one streamer that the runtime brings; it calls two methods.
				streamer: streamer as unknown as TextStreamer
			});
			if (seen.fault !== null)
				throw new AppError('engine/bad-output', { details: { reason: seen.fault } });
		} catch (error) {
			await cache.dispose().catch(() => undefined);
			throw error;
		} finally {
			signal.removeEventListener('abort', interrupt);
		}
		this.#memory.keep(cache, [...prompt, ...answer]);
	}

	#decode(tokens: readonly number[]): string {
		const exactly = { skip_special_tokens: false, clean_up_tokenization_spaces: false };
		return this.#tokenizer.decode([...tokens], exactly);
	}

	#budget({ reasoningTokens }: GenerateRequest): ReasoningBudget | null {
		const { reasoning } = this.#options;
		if (!this.#marks || !reasoning || reasoningTokens === undefined) return null;
		return new ReasoningBudget({
			...this.#marks,
			limit: reasoningTokens,
			opened: reasoning.opened
		});
	}
}

/** On WebAssembly the runtime never lets go of its thread: without this no abort could arrive before the end. */
function pauseBetweenTokens(model: PreTrainedModel): void {
	const forward = model.forward.bind(model) as (inputs: unknown) => Promise<unknown>;
	const breather = new Breather();
	model.forward = async (inputs: unknown) => {
		await breather.breathe();
		return forward(inputs);
	};
}

/** Models and tokenizers do not always agree on them; what either takes for the end of an answer is one. */
function endTokens(model: PreTrainedModel, tokenizer: PreTrainedTokenizer): readonly number[] {
	const config = model.config as { eos_token_id?: number | number[] };
	const named = [
		model.generation_config?.eos_token_id ?? config.eos_token_id,
		(tokenizer as { eos_token_id?: number }).eos_token_id
	];
	return [...new Set(named.flat().filter((token) => typeof token === 'number'))];
}

/** Null draws a seed. The runtime has one generator for all models of a worker. */
function seedSampling(seed: number | null): void {
	(random as { seed(seed?: number): void }).seed(seed ?? undefined);
}

function row(values: readonly bigint[]): Tensor {
	return new Tensor('int64', BigInt64Array.from(values), [1, values.length]);
}
