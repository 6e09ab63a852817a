import { expect, test } from 'vitest';
import { isPromptRow, promptChanges } from './prompt-rows.ts';
import type { PromptRow } from './test-prompts.ts';

const row = (id: string, text: string, position = 0): PromptRow => ({
	...{ id, text, createdAt: 5, position }
});

test('knows a prompt', () => {
	expect(isPromptRow(row('a', 'What is new?'))).toBe(true);
});

test.each<[unknown]>([
	[null],
	['a prompt'],
	[row('', 'What is new?')],
	[row('a', '')],
	[row('a', 'x'.repeat(20_001))],
	[row('a', 'What is new?', 0.5)],
	[{ id: 'a', text: 'What is new?' }],
	[{ ...row('a', 'What is new?'), createdAt: 'today' }]
])('does not take %j for one', (value) => {
	expect(isPromptRow(value)).toBe(false);
});

test('tells what was added, removed and changed', () => {
	const present = [row('gone', 'Old?'), row('other', 'One?'), row('same', 'Two?')];
	const wanted = [row('other', 'Three?'), row('same', 'Two?'), row('new', 'Four?')];
	expect(promptChanges(present, wanted)).toEqual([
		'Test prompt removed: “Old?”',
		'Test prompt added: “Four?”',
		'Test prompt: “One?” → “Three?”'
	]);
	expect(promptChanges(present, present)).toEqual([]);
});

test('tells of another order, too', () => {
	const present = [row('a', 'One?', 0), row('b', 'Two?', 1)];
	const wanted = [row('a', 'One?', 1), row('b', 'Two?', 0)];
	expect(promptChanges(present, wanted)).toEqual(['Test prompts: in another order']);
});
