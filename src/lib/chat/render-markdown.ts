import { Marked, type RendererObject } from 'marked';
import { answerMarkdown, isCitationToken } from './answer-markdown.ts';
import type { Citation } from './chat-records.ts';
import { sanitiseHtml } from './sanitise-html.ts';

/**
 * An answer as safe HTML. Marks of citations become links to `hrefOf(citation)`. Links lead out of the app in a new
 * tab; images and raw HTML are shown as text, so that no content of an answer reaches the network by itself.
 * On the main thread only: `sanitise` needs a DOM.
 */
export function renderAnswer(
	answer: string,
	citations: readonly Citation[],
	hrefOf: (citation: Citation) => string,
	sanitise: (html: string) => string = sanitiseHtml
): string {
	const byNumber = new Map(citations.map((citation) => [citation.n, citation]));
	const marked = new Marked(answerMarkdown, {
		renderer,
		extensions: [
			{
				name: 'citation',
				renderer: (token) =>
					isCitationToken(token)
						? token.numbers.map((n) => citationLink(n, byNumber.get(n), hrefOf)).join('')
						: false
			}
		]
	});
	return sanitise(marked.parse(answer, { async: false }));
}

const renderer: RendererObject = {
	link({ href, title, tokens }) {
		const text = this.parser.parseInline(tokens);
		if (!/^(https?:|mailto:)/i.test(href)) return text;
		const hint = title ? ` title="${escapeHtml(title)}"` : '';
		return `<a href="${escapeHtml(href)}"${hint} target="_blank" rel="noopener noreferrer">${text}</a>`;
	},
	image: ({ text }) => escapeHtml(text),
	// The page's own headings come first.
	heading({ depth, tokens }) {
		const level = Math.min(6, depth + 2);
		return `<h${level}>${this.parser.parseInline(tokens)}</h${level}>\n`;
	},
	checkbox: ({ checked }) => (checked ? '☑ ' : '☐ ')
};

function citationLink(
	n: number,
	citation: Citation | undefined,
	hrefOf: (citation: Citation) => string
): string {
	if (!citation) return `[${n}]`;
	const label = escapeHtml(`Source ${n}: ${citation.documentName}`);
	return `<a class="citation" href="${escapeHtml(hrefOf(citation))}" aria-label="${label}">[${n}]</a>`;
}

const entities: Readonly<Record<string, string>> = {
	'&': '&amp;',
	'<': '&lt;',
	'>': '&gt;',
	'"': '&quot;',
	"'": '&#39;'
};

function escapeHtml(text: string): string {
	return text.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}
