import { throwIfAborted } from '../../core/abort.ts';
import { AppError } from '../../core/errors.ts';
import type { EmbeddingSpec } from '../../core/model-spec.ts';
import type { EmbedContext } from '../engine-contract.ts';
import { normalise } from '../transformers/pooling.ts';
import { batchesOf, findBatching, type Batching } from './batching.ts';
import { tokensOf, type MlcEngine } from './mlc-engine.ts';
import type { SpecialTokens } from './special-tokens.ts';

/** Libraries take four texts at least; nothing ends a run that has begun. */
const mostTexts = 4;

export interface EmbedderParts {
	readonly engine: MlcEngine;
	readonly spec: EmbeddingSpec;
	readonly special: SpecialTokens;
	/** What the runtime reads at once. */
	readonly contextTokens: number;
	/** Ends work on a device that is gone. */
	readonly unlessLost: <T>(work: Promise<T>) => Promise<T>;
}

/** A loaded model that turns texts into vectors, in the way that its spec says. */
export class Embedder {
	readonly #parts: EmbedderParts;
	/** Until the model has been asked, nothing is read together. */
	#batching: Batching = 'alone';

	constructor(parts: EmbedderParts) {
		this.#parts = parts;
	}

	/** Which texts it reads together. */
	get batching(): Batching {
		return this.#batching;
	}

	/** Finds out which texts may be read together. To be called once, before all others. */
	async prepare(signal: AbortSignal): Promise<void> {
		const tokens = this.#tokens('The warranty covers all repairs for two years.');
		const run = async (texts: readonly (readonly number[])[]): Promise<Float32Array[]> => {
			throwIfAborted(signal);
			return (await this.#run(texts)).map(normalise);
		};
		const [text, other] = [tokens.slice(0, 3), tokens.slice(3, 6)];
		this.#batching = await findBatching(run, [
			this.#wrap(text).ids,
			this.#wrap(other).ids,
			this.#wrap(tokens).ids
		]);
	}

	/** One vector per text, in order; a text's vector does not depend on the texts beside it. Progress counts texts. */
	async embed(texts: readonly string[], context: EmbedContext): Promise<Float32Array[]> {
		const { spec } = this.#parts;
		const prefix = spec.prefixes[context.purpose];
		const encoded = texts.map((text) => this.#wrap(this.#tokens(prefix + text)));
		const cut = [...encoded.keys()].filter((at) => encoded[at]?.isCut);
		if (cut.length > 0) context.onTruncated?.(cut);
		const vectors = new Array<Float32Array>(texts.length);
		const lengths = encoded.map(({ ids }) => ids.length);
		let done = 0;
		for (const batch of batchesOf(lengths, this.#batching, mostTexts)) {
			throwIfAborted(context.signal);
			const made = await this.#run(batch.map((index) => encoded[index]?.ids ?? []));
			for (const [at, index] of batch.entries()) {
				const vector = made[at] ?? new Float32Array();
				vectors[index] = spec.normalise ? normalise(vector) : vector;
			}
			done += batch.length;
			context.onProgress?.({ done, total: texts.length });
		}
		return vectors;
	}

	#tokens(text: string): number[] {
		return tokensOf(this.#parts.engine, text);
	}

	/** With the special tokens, and cut to what the model reads. */
	#wrap(tokens: readonly number[]): { readonly ids: number[]; readonly isCut: boolean } {
		const { spec, special, contextTokens } = this.#parts;
		const { before, after } = special;
		const most = Math.min(spec.maxTokens ?? Infinity, contextTokens);
		const room = Math.max(0, most - before.length - after.length);
		const ids = [...before, ...tokens.slice(0, room), ...after];
		// The runtime refuses an empty text; a model without special tokens has no other way to say nothing.
		return { ids: ids.length > 0 ? ids : [0], isCut: tokens.length > room };
	}

	async #run(texts: readonly (readonly number[])[]): Promise<Float32Array[]> {
		const { engine, unlessLost } = this.#parts;
		const input = texts.map((ids) => [...ids]);
		const { data } = await unlessLost(engine.embeddings.create({ input }));
		if (data.length !== texts.length) {
			const reason = `${data.length} vectors for ${texts.length} texts`;
			throw new AppError('engine/bad-output', { details: { reason } });
		}
		return data.map(({ embedding }) => Float32Array.from(embedding));
	}
}
