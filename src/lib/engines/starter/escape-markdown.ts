/** The text so that Markdown shows it as it is: a quotation must not turn into a list, a link or a citation. */
export function escapeMarkdown(text: string): string {
	return text
		.replace(/[\\`*_[\]<>|~#&]/g, '\\$&')
		.replace(/^([-+])/, '\\$1')
		.replace(/^(\d+)([.)])/, '$1\\$2');
}
