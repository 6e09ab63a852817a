import { Tensor, type PreTrainedModel, type PreTrainedTokenizer } from '@huggingface/transformers';
import { throwIfAborted } from '../../core/abort.ts';
import { AppError } from '../../core/errors.ts';
import type { EmbeddingSpec } from '../../core/model-spec.ts';
import { nextTask } from '../../core/next-task.ts';
import type { EmbedContext } from '../engine-contract.ts';
import { cutTokens } from './cut-tokens.ts';
import { normalise, poolTokens } from './pooling.ts';
import { tokenBatches } from './token-batches.ts';

/** Small enough that an abort or a question of the user does not wait long. */
const batchLimits = { texts: 16, tokens: 2048 };

/** A loaded model that turns texts into vectors, in the way that its spec says. */
export class EmbeddingModel {
	readonly #model: PreTrainedModel;
	readonly #tokenizer: PreTrainedTokenizer;
	readonly #spec: EmbeddingSpec;

	constructor(model: PreTrainedModel, tokenizer: PreTrainedTokenizer, spec: EmbeddingSpec) {
		this.#model = model;
		this.#tokenizer = tokenizer;
		this.#spec = spec;
	}

	/** One vector per text, in order; a text's vector does not depend on the texts beside it. Progress counts texts. */
	async embed(texts: readonly string[], context: EmbedContext): Promise<Float32Array[]> {
		const prefix = this.#spec.prefixes[context.purpose];
		const whole = texts.map((text) => this.#encode(prefix + text));
		const encoded = whole.map((ids) => this.#cut(ids));
		const cut = [...whole.keys()].filter((at) => encoded[at] !== whole[at]);
		if (cut.length > 0) context.onTruncated?.(cut);
		const vectors = new Array<Float32Array>(texts.length);
		const lengths = encoded.map((ids) => ids.length);
		let done = 0;
		for (const batch of tokenBatches(lengths, batchLimits)) {
			// The runtime computes without a pause; an abort can arrive only in between.
			await nextTask();
			throwIfAborted(context.signal);
			const made = await this.#run(batch.map((index) => encoded[index] ?? []));
			batch.forEach((index, at) => {
				const vector = made[at] ?? new Float32Array();
				vectors[index] = this.#spec.normalise ? normalise(vector) : vector;
			});
			done += batch.length;
			context.onProgress?.({ done, total: texts.length });
		}
		return vectors;
	}

	async dispose(): Promise<void> {
		await this.#model.dispose();
	}

	#encode(text: string): readonly number[] {
		const { input_ids: ids } = this.#tokenizer(text, { return_tensor: false }) as {
			input_ids: number[];
		};
		return ids;
	}

	#cut(ids: readonly number[]): readonly number[] {
		return cutTokens(ids, this.#spec.maxTokens, this.#tokenizer.all_special_ids);
	}

	/** Padding goes behind a text, whatever its tokenizer thinks: then the last token is where its text ends. */
	async #run(texts: readonly (readonly number[])[]): Promise<Float32Array[]> {
		const tokens = Math.max(...texts.map((ids) => ids.length));
		const shape = [texts.length, tokens];
		// Some tokenizers have none, whatever the types say; the mask hides it anyway.
		const { pad_token_id: padding = 0 } = this.#tokenizer as { pad_token_id?: number };
		const ids = new BigInt64Array(texts.length * tokens).fill(BigInt(padding));
		const mask = new BigInt64Array(texts.length * tokens);
		texts.forEach((text, row) => {
			ids.set(text.map(BigInt), row * tokens);
			mask.fill(1n, row * tokens, row * tokens + text.length);
		});
		const outputs = (await this.#model({
			input_ids: new Tensor('int64', ids, shape),
			attention_mask: new Tensor('int64', mask, shape)
		})) as Readonly<Record<string, Tensor>>;
		const vectors = this.#vectors(
			outputs,
			texts.map((text) => text.length)
		);
		// Language models that embed leave keys and values on the GPU, which nobody will ask for.
		for (const tensor of Object.values(outputs))
			if (tensor.location === 'gpu-buffer') tensor.dispose();
		return vectors;
	}

	#vectors(outputs: Readonly<Record<string, Tensor>>, lengths: readonly number[]): Float32Array[] {
		const { pooling } = this.#spec;
		const output =
			pooling === 'none'
				? (outputs.sentence_embedding ?? outputs.pooler_output)
				: (outputs.last_hidden_state ?? outputs.token_embeddings ?? outputs.logits);
		if (!output) {
			const reason = `the model gives ${Object.keys(outputs).join(', ')}`;
			throw new AppError('engine/embed-failed', { details: { reason } });
		}
		const values = output.to('float32').data as Float32Array;
		const width = output.dims.at(-1) ?? 0;
		if (pooling === 'none')
			return lengths.map((_, row) => values.slice(row * width, (row + 1) * width));
		return poolTokens({ values, tokens: output.dims[1] ?? 0, width, lengths }, pooling);
	}
}
