import type { MarkedExtension, TokenizerThis, Tokens } from 'marked';
import { citationMarkAt, nextCitationMark } from './citation-syntax.ts';

/** A citation mark among the tokens of an answer. */
export interface CitationToken extends Tokens.Generic {
	readonly type: 'citation';
	readonly numbers: readonly number[];
}

export function isCitationToken(token: { readonly type: string }): token is CitationToken {
	return token.type === 'citation';
}

function readMark(this: TokenizerThis, source: string): CitationToken | undefined {
	if (this.lexer.state.inLink) return undefined;
	const mark = citationMarkAt(source);
	return mark && { type: 'citation', raw: mark.raw, numbers: mark.numbers };
}

/**
 * How answers are read: GitHub's Markdown with citation marks, without raw HTML, which is text here, and without link
 * definitions, which would swallow a line such as `[1]: the passage says`.
 */
export const answerMarkdown: MarkedExtension = {
	gfm: true,
	extensions: [{ name: 'citation', level: 'inline', start: nextCitationMark, tokenizer: readMark }],
	tokenizer: {
		html: () => undefined,
		tag: () => undefined,
		def: () => undefined
	}
};
