/** Where a module is, how large, and what its change is multiplied by. */
export interface LoraLayout {
	readonly module: string;
	readonly rank: number;
	readonly inSize: number;
	readonly outSize: number;
	readonly scale: number;
	/** Names of its two tensors. */
	readonly tensorA: string;
	readonly tensorB: string;
}
