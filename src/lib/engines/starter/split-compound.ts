const leastPart = 4;
const leastCompound = 9;

/**
 * What a word may be made of: `flushJournal` of its humps, and a long word of each beginning and end that could be
 * a word. No dictionary decides, so most ends of a long word are no words and match nothing.
 */
export function splitCompound(word: string): string[] {
	const humps = word.match(/\p{Lu}+(?!\p{Ll})|\p{Lu}?\p{Ll}+|\p{N}+/gu) ?? [];
	if (humps.length > 1) return humps;
	if (word.length < leastCompound) return [];
	const parts: string[] = [];
	for (let at = leastPart; at <= word.length - leastPart; at++) {
		parts.push(word.slice(0, at), word.slice(at));
	}
	return parts;
}
