import type { PreTrainedTokenizer } from '@huggingface/transformers';
import type { ReasoningFormat } from '../../core/model-spec.ts';

/** The marks around reasoning, as the tokens of a model. */
export interface ReasoningMarks {
	readonly open: readonly number[];
	readonly close: readonly number[];
}

/** How this tokenizer writes the marks: mostly one token each. */
export function reasoningMarks(
	tokenizer: PreTrainedTokenizer,
	{ open, close }: ReasoningFormat
): ReasoningMarks {
	const tokens = (mark: string): number[] =>
		mark === '' ? [] : tokenizer.encode(mark, { add_special_tokens: false });
	return { open: tokens(open), close: tokens(close) };
}

/**
 * Tokens that are no text for anyone: the special ones and those that end an answer, but never the marks, which some
 * tokenizers count among the special ones.
 */
export function hiddenTokens(
	specials: readonly number[],
	ends: readonly number[],
	marks: ReasoningMarks | null
): ReadonlySet<number> {
	const shown = new Set([...(marks?.open ?? []), ...(marks?.close ?? [])]);
	return new Set([...specials, ...ends].filter((token) => !shown.has(token)));
}
