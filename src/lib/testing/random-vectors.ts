/** Reproducible vectors with values from -1 to 1. */
export function randomVectors(count: number, dims: number, seed = 1): Float32Array[] {
	let state = seed;
	const next = (): number => {
		state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
		return state / 2 ** 31 - 1;
	};
	return Array.from({ length: count }, () => Float32Array.from({ length: dims }, next));
}
