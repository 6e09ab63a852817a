/** A layer y = x·W of some model, as far as an adapter's modules are looked up by it. */
export interface NamedLayer {
	/** What the model calls it, best first; each may be empty of meaning. */
	readonly names: readonly string[];
	/** Last size of x. */
	readonly inSize: number;
	/** Last size of y. */
	readonly outSize: number;
}
