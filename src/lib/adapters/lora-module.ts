/** What an adapter changes in one linear layer: y becomes `y + scale · (x·Aᵀ)·Bᵀ`. */
export interface LoraModule {
	/** As PEFT names it, without its own prefix: `model.layers.0.self_attn.q_proj`. */
	readonly module: string;
	readonly rank: number;
	/** Size of x. */
	readonly inSize: number;
	/** Size of y. */
	readonly outSize: number;
	/** `alpha / rank`, or `alpha / √rank` for rsLoRA, with this module's own alpha and rank. */
	readonly scale: number;
	/** Shape [rank, inSize], row by row. */
	readonly a: Float32Array<ArrayBuffer>;
	/** Shape [outSize, rank], row by row. */
	readonly b: Float32Array<ArrayBuffer>;
}
