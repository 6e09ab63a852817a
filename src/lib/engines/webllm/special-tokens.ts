/** Tokens that a model has never seen a text without. */
export interface SpecialTokens {
	readonly before: readonly number[];
	readonly after: readonly number[];
}

/** The part of `tokenizer.json` that matters here, of which nothing is certain. */
export interface TokenizerFile {
	readonly post_processor?: PostProcessor | null;
	readonly added_tokens?: readonly { readonly id: number; readonly content: string }[] | null;
}

interface PostProcessor {
	readonly type?: string;
	readonly processors?: readonly PostProcessor[];
	/** Of a template: the parts of one text. */
	readonly single?: readonly {
		readonly SpecialToken?: { readonly id: string };
		readonly Sequence?: object;
	}[];
	readonly special_tokens?: Readonly<Record<string, { readonly ids?: readonly number[] }>>;
	/** Of the kinds that are named after a model. */
	readonly cls?: readonly [string, number];
	readonly sep?: readonly [string, number];
}

/**
 * What the tokenizer's own rules put around one text. WebLLM leaves those rules out, so that whoever asks it for a
 * vector has to write the tokens.
 */
export function specialTokens({
	post_processor: rules,
	added_tokens: added
}: TokenizerFile): SpecialTokens {
	const processors = [rules, ...(rules?.processors ?? [])].filter((each) => each != null);
	for (const { single, special_tokens: ids = {}, cls, sep } of processors) {
		if (cls && sep) return { before: [cls[1]], after: [sep[1]] };
		if (!single) continue;
		const text = single.findIndex(({ Sequence }) => Sequence !== undefined);
		const tokens = (parts: typeof single): number[] =>
			parts.flatMap(({ SpecialToken }) => ids[SpecialToken?.id ?? '']?.ids ?? []);
		return { before: tokens(single.slice(0, text)), after: tokens(single.slice(text + 1)) };
	}
	const idOf = (content: string): number[] =>
		(added ?? []).filter((token) => token.content === content).map(({ id }) => id);
	return { before: idOf('[CLS]'), after: idOf('[SEP]') };
}
