const letters: Readonly<Record<string, string>> = {
	ß: 'ss',
	æ: 'ae',
	œ: 'oe',
	ø: 'o',
	ł: 'l',
	đ: 'd'
};

/** Lower case without accents, so that `Überprüfung` and `uberprufung` are one word. */
export function foldWord(word: string): string {
	return word
		.toLowerCase()
		.normalize('NFD')
		.replace(/\p{M}+/gu, '')
		.replace(/[ßæœøłđ]/g, (letter) => letters[letter] ?? letter);
}
