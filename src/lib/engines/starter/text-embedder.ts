/** Makes vectors that depend on nothing but the text. */
export interface TextEmbedder {
	readonly dims: number;
	/** A finite vector of length 1, for any text, the empty one included. */
	embed(text: string): Float32Array;
}
