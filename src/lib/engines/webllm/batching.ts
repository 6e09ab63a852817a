/** Which texts may be read together so that none of them gets another vector than it has alone. */
export type Batching = 'any' | 'equal-lengths' | 'alone';

type Run = (texts: readonly (readonly number[])[]) => Promise<Float32Array[]>;

/** Two ways to the same vector differ by less than that: of numbers whose squares add up to 1. */
const tolerance = 1e-5;

/**
 * Asks the model itself, by three small runs at most. Some libraries let a text see the padding that makes it as long
 * as another one in the batch. `texts` are one, another of the same length, and a longer one.
 */
export async function findBatching(
	run: Run,
	[text, other, longer]: readonly [readonly number[], readonly number[], readonly number[]]
): Promise<Batching> {
	const [alone] = await run([text]);
	const [padded] = await run([text, longer]);
	if (isSame(alone, padded)) return 'any';
	const [beside] = await run([text, other]);
	return isSame(alone, beside) ? 'equal-lengths' : 'alone';
}

/** Groups of indices into `lengths`, which name every text once, with at most `most` texts in each. */
export function batchesOf(
	lengths: readonly number[],
	batching: Batching,
	most: number
): number[][] {
	const lengthOf = (index: number): number => lengths[index] ?? 0;
	const order = [...lengths.keys()].sort((a, b) => lengthOf(a) - lengthOf(b) || a - b);
	const batches: number[][] = [];
	for (const index of order) {
		const batch = batches.at(-1) ?? [];
		const isFull = batch.length === 0 || batch.length >= most;
		const isSameLength = lengthOf(batch[0] ?? index) === lengthOf(index);
		const isFitting = batching === 'any' || (batching === 'equal-lengths' && isSameLength);
		if (isFitting && !isFull) batch.push(index);
		else batches.push([index]);
	}
	return batches;
}

function isSame(a: Float32Array | undefined, b: Float32Array | undefined): boolean {
	if (!a || !b) return false;
	return a.every((value, at) => Math.abs(value - (b[at] ?? NaN)) < tolerance);
}
