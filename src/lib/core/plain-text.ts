/** Characters that are not seen, but break lines or turn the direction of what stands around them. */
const unseen = /[\p{Cc}\u2028-\u202e\u2066-\u2069]/u;

/** True for text that looks like what it is, in one line. */
export function isPlainText(text: string): boolean {
	return !unseen.test(text);
}

/** The text without what makes it another one than it looks like, a space in its place. */
export function plainText(text: string): string {
	return text.split(unseen).filter(Boolean).join(' ').trim();
}
