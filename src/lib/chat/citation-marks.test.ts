import { expect, test } from 'vitest';
import { citedNumbers } from './citation-marks.ts';

test.each<[string, string, number[]]>([
	['a mark', 'It is so [1].', [1]],
	['several, in the order of the text', 'So [3]. And so [1].', [3, 1]],
	['one that is repeated, once', 'So [2]. And [2].', [2]],
	['a list of numbers', 'So [1, 3].', [1, 3]],
	['marks side by side', 'So [1][3].', [1, 3]],
	['marks at the start of a line', '[2]: the passage says so.', [2]],
	['marks in lists, tables and emphasis', '- a **[1]**\n\n| a |\n|---|\n| [2] |', [1, 2]],
	['known ones beside unknown ones', 'So [1, 9].', [1]]
])('counts %s', (_, text, numbers) => {
	expect(citedNumbers(text, [1, 2, 3])).toEqual(numbers);
});

test.each([
	['numbers that no passage has', 'So [4] and [0].'],
	['code', 'Take `a[1]` or ``b[2]``.'],
	['code blocks', '```js\nconst x = a[1];\n```\n\n    a[2]'],
	['code blocks that are still being written', '```\na[1]'],
	['links', 'See [1](https://example.org) and [part [2] of it](https://example.org).'],
	['escaped brackets', 'So \\[1\\].'],
	['other brackets', 'So [a], [1a], [], [1-2], [1234].']
])('does not count %s', (_, text) => {
	expect(citedNumbers(text, [1, 2, 3, 1234])).toEqual([]);
});
