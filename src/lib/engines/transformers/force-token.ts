/** Makes a token the only possible one; null leaves the choice. Writes into `logits`. */
export function forceToken(logits: Float32Array, token: number | null): void {
	if (token === null || token >= logits.length) return;
	logits.fill(-Infinity);
	logits[token] = 0;
}
