import { describe, expect, test } from 'vitest';
import { withoutReasoning } from './without-reasoning.ts';

const format = { open: '<think>', close: '</think>', opened: true };

describe('an answer without its reasoning', () => {
	test.each([
		['is the same where there is none', 'Four, as 2 < 3.', 'Four, as 2 < 3.'],
		['keeps the blank space of a text without any', '\n Four.\n', '\n Four.\n'],
		['loses what stands between the marks', '<think>\nHm.\n</think>\n\nFour.', 'Four.'],
		['loses it without an opening mark', 'Hm.\n</think>\n\nFour.', 'Four.'],
		['loses every part', '<think>a</think>One. <think>b</think>Two.', 'One. Two.'],
		['loses what was never closed', 'One. <think>Hm', 'One. '],
		['is empty where there was only reasoning', '<think>Hm', ''],
		['keeps marks that are quoted', 'Write `</think>` there.', 'Write `</think>` there.'],
		['keeps what follows a quotation', '<think>a</think>Write `<think>`.', 'Write `<think>`.'],
		['is empty where the text is', '', '']
	])('%s', (_, text, expected) => {
		expect(withoutReasoning(text, format)).toBe(expected);
	});
});
