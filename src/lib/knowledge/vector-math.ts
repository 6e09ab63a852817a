/** The vector at length 1, or null when it has a value that is not finite, or no length at all. */
export function unitVector(vector: Float32Array): Float32Array | null {
	let squares = 0;
	for (const value of vector) squares += value * value;
	const length = Math.sqrt(squares);
	if (!Number.isFinite(length) || length === 0) return null;
	return vector.map((value) => value / length);
}

/** Sum of products of `query` and the values of `block` from `offset`. Of unit vectors: their cosine. */
export function dotAt(block: Float32Array, offset: number, query: Float32Array): number {
	const { length } = query;
	let sum0 = 0;
	let sum1 = 0;
	let index = 0;
	// Two sums let the processor add while it multiplies.
	for (; index + 1 < length; index += 2) {
		sum0 += (block[offset + index] ?? 0) * (query[index] ?? 0);
		sum1 += (block[offset + index + 1] ?? 0) * (query[index + 1] ?? 0);
	}
	if (index < length) sum0 += (block[offset + index] ?? 0) * (query[index] ?? 0);
	return sum0 + sum1;
}
