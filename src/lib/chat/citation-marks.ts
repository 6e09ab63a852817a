import { Marked } from 'marked';
import { answerMarkdown, isCitationToken } from './answer-markdown.ts';

/**
 * The numbers that an answer cites, each once, in the order of their first mark. Only those in `known` count, and only
 * marks in running text: not in code, not in links.
 */
export function citedNumbers(answer: string, known: Iterable<number>): number[] {
	const marked = new Marked(answerMarkdown);
	const wanted = new Set(known);
	const cited = new Set<number>();
	void marked.walkTokens(marked.lexer(answer), (token) => {
		if (isCitationToken(token)) for (const n of token.numbers) if (wanted.has(n)) cited.add(n);
	});
	return [...cited];
}
