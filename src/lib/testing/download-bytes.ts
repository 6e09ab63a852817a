/** Bytes that look random and are the same each time. */
export function scrambled(bytes: number, seed = 1): Uint8Array<ArrayBuffer> {
	let state = seed;
	return Uint8Array.from({ length: bytes }, () => {
		state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
		return state >>> 24;
	});
}
