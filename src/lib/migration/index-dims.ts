/**
 * The longest vector that an index takes. Vectors are kept in blocks of 256, read whole for the exact scan that serves
 * beyond Voy's 768 dims: at 4096 a block is 4 MB, and 10,000 passages are 160 MB of memory, which is what a phone's
 * browser still gives a tab. No model for passages makes longer ones.
 */
export const maxIndexDims = 4096;

/** Why vectors of that many dims cannot be kept in an index, the rest of a sentence; null when they can. */
export function dimsFault(dims: number): string | null {
	if (!Number.isInteger(dims) || dims < 1) return `says that its vectors have ${dims} dimensions`;
	if (dims <= maxIndexDims) return null;
	const [has, holds] = [dims, maxIndexDims].map((count) => count.toLocaleString('en'));
	return `makes vectors of ${has} dimensions; an index holds ${holds}, so that its blocks fit into memory`;
}
