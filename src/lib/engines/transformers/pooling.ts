import type { EmbeddingSpec } from '../../core/model-spec.ts';

/** What the model says of each token: [text, token, width], row by row. Padding is at the end of each text. */
export interface TokenStates {
	readonly values: Float32Array;
	readonly tokens: number;
	readonly width: number;
	/** True tokens of each text; the rest is padding. */
	readonly lengths: readonly number[];
}

/** One vector of `width` per text. */
export function poolTokens(
	states: TokenStates,
	pooling: Exclude<EmbeddingSpec['pooling'], 'none'>
): Float32Array[] {
	return states.lengths.map((length, text) => {
		if (pooling === 'mean') return mean(states, text, length);
		return token(states, text, pooling === 'cls' ? 0 : length - 1).slice();
	});
}

/** The vector scaled to length 1; a vector of zeros stays as it is. */
export function normalise(vector: Float32Array): Float32Array {
	let squares = 0;
	for (const value of vector) squares += value * value;
	const length = Math.sqrt(squares);
	return length === 0 ? vector : vector.map((value) => value / length);
}

function mean(states: TokenStates, text: number, length: number): Float32Array {
	const sum = new Float64Array(states.width);
	for (let position = 0; position < length; position++) {
		token(states, text, position).forEach((value, index) => {
			sum[index] = (sum[index] ?? 0) + value;
		});
	}
	return Float32Array.from(sum, (value) => value / length);
}

function token(
	{ values, tokens, width }: TokenStates,
	text: number,
	position: number
): Float32Array {
	const start = (text * tokens + position) * width;
	return values.subarray(start, start + width);
}
