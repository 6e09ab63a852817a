import { expect, test } from 'vitest';
import { isCurrent } from './nav-link.ts';

const chat = { label: 'Chat', path: '/' };
const memory = { label: 'Memory', path: '/memory/knowledge', section: '/memory' };

test('a link is current on its own page, with or without a slash at the end', () => {
	expect(isCurrent(chat, '/')).toBe(true);
	expect(isCurrent(memory, '/memory/knowledge/')).toBe(true);
});

test('a link with a section is current on all pages below it', () => {
	expect(isCurrent(memory, '/memory')).toBe(true);
	expect(isCurrent(memory, '/memory/engines')).toBe(true);
	expect(isCurrent(memory, '/memory-lane')).toBe(false);
});

test('the start page is current nowhere else', () => {
	expect(isCurrent(chat, '/help')).toBe(false);
});
