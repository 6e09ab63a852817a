import type { Usage } from './generation.ts';

/** Of writing alone, without the time to read the prompt; null where there was too little to tell. */
export function tokensPerSecond({ completionTokens, firstTokenMs, totalMs }: Usage): number | null {
	const ms = totalMs - firstTokenMs;
	return completionTokens < 2 || ms <= 0 ? null : ((completionTokens - 1) / ms) * 1000;
}
