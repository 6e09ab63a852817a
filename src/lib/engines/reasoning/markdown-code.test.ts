import { describe, expect, test } from 'vitest';
import { MarkdownCode } from './markdown-code.ts';

/** Whether `|` stands inside code, for each `|` of the text. */
function insides(text: string): boolean[] {
	const code = new MarkdownCode();
	return Array.from(text).flatMap((character) => {
		const found = character === '|' ? [code.inside] : [];
		code.see(character);
		return found;
	});
}

describe('code in Markdown', () => {
	test.each([
		['prose', '| a | b |', [false, false, false]],
		['a span', '|a `|b` |', [false, true, false]],
		['a span at the beginning', '`|` |', [true, false]],
		['a span of two backticks, with one inside', '``a ` |`` |', [true, false]],
		['a block', 'a\n```js\n|\n```\n|', [true, false]],
		['the line that opens a block', '```|\n|\n```\n|', [true, true, false]],
		['a block with an empty line', '```\n\n|\n```\n|', [true, false]],
		['backticks within a line of a block', '```\na ``` |\n```\n|', [true, false]],
		['a block that a longer line of backticks closes', '```\n|\n````\n|', [true, false]],
		['a block that a shorter line does not close', '````\n```\n|\n````\n|', [true, false]],
		['an indented block', '- a:\n  ```\n  |\n  ```\n|', [true, false]],
		['three backticks that begin and end on a line', '```|``` |', [true, false]],
		['a lone backtick, until its paragraph ends', 'it`s |\n|\n\n|', [true, true, false]],
		['a lone backtick, until a line of blanks', 'it`s\n \t\n|', [false]],
		['a span over two lines', '`a\n|` |', [true, false]]
	])('%s', (_, text, expected) => {
		expect(insides(text)).toEqual(expected);
	});
});
