import { AppError } from '../core/errors.ts';

/**
 * Throws `engine/bad-output` unless there are `count` vectors of `dims` finite numbers, none of them all zeros.
 * One such vector would spoil an index, so an engine's word is never taken for it.
 */
export function checkVectors(
	vectors: readonly Float32Array[],
	count: number,
	dims: number | null
): void {
	if (vectors.length !== count) {
		throw badOutput(`${vectors.length} vectors for ${count} texts`);
	}
	vectors.forEach((vector, at) => {
		if (dims !== null && vector.length !== dims) {
			throw badOutput(`vector ${at} has ${vector.length} numbers instead of ${dims}`);
		}
		let isZero = true;
		for (const value of vector) {
			if (!Number.isFinite(value)) throw badOutput(`vector ${at} holds ${value}`);
			if (value !== 0) isZero = false;
		}
		if (isZero) throw badOutput(`vector ${at} is all zeros`);
	});
}

function badOutput(reason: string): AppError {
	return new AppError('engine/bad-output', { details: { reason } });
}
