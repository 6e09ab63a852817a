import { expect, test } from 'vitest';
import { safeModeText } from './safe-mode-text.ts';

test('says what happened, and what answers or searches instead', () => {
	const closed = 'The tab closed unexpectedly while Gemma was being loaded.';
	expect(safeModeText('chat', 'Gemma', 'Starter 2')).toBe(
		`${closed} SAM started with Starter 2 instead.`
	);
	expect(safeModeText('chat', 'Gemma', null)).toBe(closed);
	expect(safeModeText('embedding', 'Gemma', 'MiniLM')).toBe(
		`${closed} SAM searches with MiniLM instead.`
	);
	expect(safeModeText('embedding', 'Gemma', null)).toBe(
		`${closed} SAM searches by keywords alone.`
	);
});
