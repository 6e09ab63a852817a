import { Lexer, type Token, type Tokens } from 'marked';
import { htmlToText } from './html-parser.ts';
import type { ParsedDocument } from './parsed-document.ts';
import { SectionBuilder } from './section-builder.ts';
import { parseText } from './text-parser.ts';

const frontMatter = /^---\n([\s\S]*?)\n---(?:\n|$)/;

/** GitHub-flavoured Markdown. Marks are gone, code stays as it is, a table row is one line. */
export function parseMarkdown(markdown: string): ParsedDocument {
	const builder = new SectionBuilder();
	const matter = frontMatter.exec(markdown);
	if (matter) builder.paragraph(matter[1] ?? '');
	try {
		for (const token of Lexer.lex(markdown.slice(matter?.[0].length ?? 0))) add(builder, token);
	} catch (error) {
		// Quotes nested thousands deep exhaust the stack. The text can be read all the same.
		if (error instanceof RangeError) return parseText(markdown);
		throw error;
	}
	return { sections: builder.finish(), pages: null };
}

function add(builder: SectionBuilder, token: Token): void {
	if (token.type === 'heading') builder.heading((token as Tokens.Heading).depth, inline(token));
	else builder.paragraph(block(token));
}

/** The text of a block, in lines. */
function block(token: Token): string {
	switch (token.type) {
		case 'list':
			return (token as Tokens.List).items.map((item) => listItem(item)).join('\n');
		case 'table':
			return tableRows(token as Tokens.Table).join('\n');
		case 'code':
			return (token as Tokens.Code).text;
		case 'blockquote':
			return (token as Tokens.Blockquote).tokens.map(block).join('\n\n');
		case 'space':
		case 'hr':
		case 'def':
			return '';
		default:
			return inline(token);
	}
}

function listItem(item: Tokens.ListItem): string {
	const lines = item.tokens.map(block).filter((text) => text.trim() !== '');
	return `- ${lines.join('\n').replaceAll('\n', '\n  ')}`;
}

function tableRows(table: Tokens.Table): string[] {
	return [table.header, ...table.rows].map((row) => row.map((cell) => inline(cell)).join(' | '));
}

/** The words of inline marks. An image is its description, a link its text. */
function inline(token: {
	readonly type?: string;
	readonly tokens?: unknown;
	readonly text?: unknown;
}): string {
	if (token.type === 'br') return '\n';
	if (token.type === 'checkbox') return '';
	if (token.type === 'image') return plain(token.text);
	if (Array.isArray(token.tokens) && token.tokens.length > 0) {
		return (token.tokens as Token[]).map((part) => inline(part)).join('');
	}
	if (token.type === 'codespan') return typeof token.text === 'string' ? token.text : '';
	if (token.type === 'html') return htmlToText((token as Tokens.HTML).raw);
	return plain(token.text);
}

function plain(text: unknown): string {
	if (typeof text !== 'string') return '';
	return text.includes('&') ? htmlToText(text.replaceAll('<', '&lt;')) : text;
}
