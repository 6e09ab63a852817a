import { estimateTokens } from './estimate-tokens.ts';

/** What a message costs beside its text, in tokens: role marks and separators. */
const aroundMessage = 8;

/** How many tokens a message of that text takes in a prompt, at most, for any usual tokenizer and chat template. */
export function messageTokens(text: string): number {
	return aroundMessage + estimateTokens(text);
}
