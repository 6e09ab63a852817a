import type { PatternSource } from './pattern-source.ts';

/** Whether a pattern takes a character at one place. */
export type CharacterTest = (character: string) => boolean;

const isDigit: CharacterTest = (character) => /\d/.test(character);
const isWord: CharacterTest = (character) => /\w/.test(character);
const isSpace: CharacterTest = (character) => /\s/.test(character);
const not =
	(test: CharacterTest): CharacterTest =>
	(character) =>
		!test(character);

const classes: ReadonlyMap<string, CharacterTest> = new Map([
	['d', isDigit],
	['w', isWord],
	['s', isSpace],
	['D', not(isDigit)],
	['W', not(isWord)],
	['S', not(isSpace)]
]);

/** What stands behind a backslash. Errors: a `SyntaxError` for what is neither a class nor a character of its own. */
export function readEscape(source: PatternSource): CharacterTest {
	const escaped = source.takeAny();
	const known = classes.get(escaped);
	if (known) return known;
	if (isWord(escaped)) throw new SyntaxError(`an escape that is not followed: ${escaped}`);
	return (character) => character === escaped;
}

/** What stands between square brackets, the opening one already read. */
export function readCharacterSet(source: PatternSource): CharacterTest {
	const negated = source.take('^');
	const tests: CharacterTest[] = [];
	// A closing bracket that comes first is a character like others.
	for (let first = true; first || !source.take(']'); first = false) {
		const from = source.takeAny();
		if (from === '\\') tests.push(readEscape(source));
		else if (source.take('-')) tests.push(...rangeFrom(from, source));
		else tests.push((character) => character === from);
	}
	const any: CharacterTest = (character) => tests.some((test) => test(character));
	return negated ? not(any) : any;
}

/** From `from-` on: a range, or two characters where the set ends there. */
function rangeFrom(from: string, source: PatternSource): CharacterTest[] {
	if (source.sees(']')) return [(character) => character === from || character === '-'];
	const to = source.takeAny();
	if (to === '\\' || to < from) throw new SyntaxError('a range that is not followed');
	return [(character) => character >= from && character <= to];
}
