/** How much goes into one run of the model. */
export interface BatchLimits {
	readonly texts: number;
	/** Texts times the length of the longest. */
	readonly tokens: number;
}

/**
 * Groups texts of similar length, so that little is spent on padding. Each group lists indices into `lengths`;
 * together they name every text once. A text longer than the limit goes alone.
 */
export function tokenBatches(lengths: readonly number[], limits: BatchLimits): number[][] {
	const order = lengths.map((length, index) => ({ length, index }));
	order.sort((a, b) => a.length - b.length || a.index - b.index);
	const batches: number[][] = [];
	let batch: number[] = [];
	for (const { length, index } of order) {
		const isFull = batch.length === limits.texts || (batch.length + 1) * length > limits.tokens;
		if (isFull && batch.length > 0) {
			batches.push(batch);
			batch = [];
		}
		batch.push(index);
	}
	if (batch.length > 0) batches.push(batch);
	return batches;
}
