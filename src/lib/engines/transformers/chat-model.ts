import {
	DynamicCache,
	InterruptableStoppingCriteria,
	random,
	Tensor,
	TextStreamer,
	type PreTrainedModel,
	type PreTrainedTokenizer
} from '@huggingface/transformers';
import { AppError } from '../../core/errors.ts';
import type { ChatMessage, GenerateRequest } from '../../core/generation.ts';
import type { GenerateDelta } from '../base-model-engine.ts';
import type { GenerateOutcome } from '../generation-meter.ts';
import { nextTask } from '../starter/next-task.ts';
import { PushStream } from '../push-stream.ts';
import { PromptMemory } from './prompt-memory.ts';

export interface ChatModelOptions {
	readonly contextTokens: number;
	/** For tokenizers that come without one. */
	readonly chatTemplate: string | null;
}

/** A loaded language model: writes the next turn of a conversation. One call at a time. */
export class ChatModel {
	readonly #model: PreTrainedModel;
	readonly #tokenizer: PreTrainedTokenizer;
	readonly #options: ChatModelOptions;
	readonly #memory = new PromptMemory<DynamicCache>(() => new DynamicCache());
	readonly #endTokens: ReadonlySet<bigint>;

	constructor(model: PreTrainedModel, tokenizer: PreTrainedTokenizer, options: ChatModelOptions) {
		this.#model = model;
		this.#tokenizer = tokenizer;
		this.#options = options;
		this.#endTokens = endTokens(model);
		pauseBetweenTokens(model);
	}

	/** Errors: `engine/context-overflow`. An abort ends it after the token at hand. */
	async *generate(
		request: GenerateRequest,
		signal: AbortSignal
	): AsyncGenerator<GenerateDelta, GenerateOutcome> {
		const prompt = this.#tokenise(request.messages);
		const room = this.#options.contextTokens - prompt.length;
		if (room < 1) throw new AppError('engine/context-overflow');
		const pieces = new PushStream<GenerateDelta>();
		const maxTokens = Math.min(request.maxTokens, room);
		const answer = this.#write(prompt, { ...request, maxTokens }, signal, pieces);
		// Its failure is told below; the stream need only end.
		answer.catch(() => undefined).finally(() => pieces.close());
		try {
			yield* pieces;
		} finally {
			// Also for a reader that walked away: the next call must find the model at rest.
			await answer.catch(() => undefined);
		}
		const tokens = await answer;
		const last = tokens.at(-1);
		const isComplete = last !== undefined && this.#endTokens.has(last);
		return {
			reason: signal.aborted ? 'cancelled' : isComplete ? 'stop' : 'length',
			promptTokens: prompt.length,
			completionTokens: tokens.length
		};
	}

	async dispose(): Promise<void> {
		await this.#memory.forget();
		await this.#model.dispose();
	}

	/** Pushes the text as it forms, and resolves with the tokens of the answer. */
	async #write(
		prompt: readonly bigint[],
		request: GenerateRequest,
		signal: AbortSignal,
		pieces: PushStream<GenerateDelta>
	): Promise<readonly bigint[]> {
		const answer: bigint[] = [];
		const streamer = new TextStreamer(this.#tokenizer, {
			skip_prompt: true,
			callback_function: (text) => pieces.push({ type: 'text-delta', text }),
			token_callback_function: (tokens) => answer.push(...tokens)
		});
		const stopping = new InterruptableStoppingCriteria();
		const interrupt = (): void => stopping.interrupt();
		const cache = await this.#memory.take(prompt);
		signal.addEventListener('abort', interrupt, { once: true });
		if (signal.aborted) interrupt();
		seedSampling(request.seed);
		try {
			await this.#model.generate({
				input_ids: row(prompt),
				attention_mask: row(prompt.map(() => 1n)),
				past_key_values: cache,
				max_new_tokens: request.maxTokens,
				do_sample: request.temperature > 0,
				temperature: request.temperature > 0 ? request.temperature : 1,
				stopping_criteria: stopping,
				streamer
			});
		} finally {
			signal.removeEventListener('abort', interrupt);
		}
		this.#memory.keep(cache, [...prompt, ...answer]);
		return answer;
	}

	#tokenise(messages: readonly ChatMessage[]): bigint[] {
		const { chatTemplate } = this.#options;
		const ids: unknown = this.#tokenizer.apply_chat_template([...messages], {
			add_generation_prompt: true,
			return_dict: false,
			return_tensor: false,
			...(chatTemplate === null ? {} : { chat_template: chatTemplate })
		});
		return (ids as number[]).map(BigInt);
	}
}

/** On WebAssembly the runtime never lets go of its thread: without this no abort could arrive before the end. */
function pauseBetweenTokens(model: PreTrainedModel): void {
	const forward = model.forward.bind(model) as (inputs: unknown) => Promise<unknown>;
	model.forward = async (inputs: unknown) => {
		await nextTask();
		return forward(inputs);
	};
}

function endTokens(model: PreTrainedModel): ReadonlySet<bigint> {
	const config = model.config as { eos_token_id?: number | number[] };
	const ids = model.generation_config?.eos_token_id ?? config.eos_token_id ?? [];
	return new Set([ids].flat().map(BigInt));
}

/** Null draws a seed. The runtime has one generator for all models of a worker. */
function seedSampling(seed: number | null): void {
	(random as { seed(seed?: number): void }).seed(seed ?? undefined);
}

function row(values: readonly bigint[]): Tensor {
	return new Tensor('int64', BigInt64Array.from(values), [1, values.length]);
}
