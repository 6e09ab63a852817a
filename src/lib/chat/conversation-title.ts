const longest = 60;

/** A name for a conversation: its first question on one line, cut at a word where it is long. */
export function conversationTitle(question: string): string {
	const line = question.replace(/\s+/gu, ' ').trim();
	const characters = Array.from(new Intl.Segmenter().segment(line), ({ segment }) => segment);
	if (characters.length <= longest) return line;
	const start = characters.slice(0, longest).join('');
	const lastSpace = start.lastIndexOf(' ');
	const cut = lastSpace > longest / 2 ? start.slice(0, lastSpace) : start;
	return `${cut.replace(/[\s.,;:!?–-]+$/u, '')}…`;
}
