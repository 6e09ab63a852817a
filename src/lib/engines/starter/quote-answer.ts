import type { GenerateRequest } from '../../core/generation.ts';
import { escapeMarkdown } from './escape-markdown.ts';
import { selectSentences, type Quote } from './select-sentences.ts';
import { termsOf } from './terms.ts';

const lead = 'From your documents:';
const nothingFound =
	'I found nothing in your documents about this. Add documents on the Memory page, or choose a chat model in Core Engines: the Starter engine only quotes what it finds.';
const noQuestion =
	'I quote sentences from your documents that answer a question. Ask about something in them, or choose a chat model in Core Engines for a conversation.';

const greeting =
	/^\W*(hi|hello|hey|good (morning|evening|day)|thanks?( you)?|hallo|guten (tag|morgen|abend)|danke|bonjour|merci|hola|gracias)(\W+(there|all|sam|again|very|much|a|lot|so|for|your|help))*\W*$/i;

/**
 * The whole answer as Markdown: quotes under a short lead, a paragraph to each passage, each quote followed by its
 * mark `[n]`. Without a fitting sentence it says so and what to do. It writes nothing of its own beyond that.
 */
export function quoteAnswer({ question, passages }: GenerateRequest): string {
	if (termsOf(question).length === 0 || greeting.test(question)) return noQuestion;
	const quotes = selectSentences(question, passages);
	return quotes.length > 0 ? `${lead}\n\n${paragraphs(quotes)}` : nothingFound;
}

function paragraphs(quotes: readonly Quote[]): string {
	return [...Map.groupBy(quotes, ({ n }) => n).values()]
		.map((group) => group.map(({ text, n }) => `${escapeMarkdown(text)} [${n}]`).join(' '))
		.join('\n\n');
}
