const charactersPerToken = 3.5;

/** Scripts in which a character is a token of its own, or more: Chinese, Japanese, Korean, emoji, and all beyond. */
const dense = /[\u2e80-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\u{10000}-\u{10ffff}]/gu;

/** How many tokens a text may be at most, for any usual tokenizer. Rather too many than too few. */
export function estimateTokens(text: string): number {
	const alone = text.match(dense)?.join('').length ?? 0;
	return alone + Math.ceil((text.length - alone) / charactersPerToken);
}
