import type { Sha256 } from '../core/ids.ts';

/** Which base a model is, whatever runtime and number format it comes in. Null: it does not tell. */
export interface BaseIdentity {
	/** `model_type` of its configuration: `llama`, `qwen3`. */
	readonly architecture: string | null;
	readonly hiddenSize: number | null;
	readonly layers: number | null;
	readonly heads: number | null;
	readonly keyValueHeads: number | null;
	readonly intermediateSize: number | null;
	readonly vocabulary: number | null;
	/** Of `tokenizer.json`. */
	readonly tokenizer: Sha256 | null;
}
