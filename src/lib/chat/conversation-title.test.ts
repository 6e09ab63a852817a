import { expect, test } from 'vitest';
import { conversationTitle } from './conversation-title.ts';

test.each([
	['What is a saga?', 'What is a saga?'],
	['  What\n\nis   a saga?  ', 'What is a saga?'],
	['', ''],
	[
		'How does the upgrade of an engine keep my documents, my chats and my adapters?',
		'How does the upgrade of an engine keep my documents, my…'
	],
	[
		'Is it true that everything I have written down here stays: all of it?',
		'Is it true that everything I have written down here stays…'
	],
	['x'.repeat(70), `${'x'.repeat(60)}…`],
	['👩‍👩‍👧'.repeat(61), `${'👩‍👩‍👧'.repeat(60)}…`]
])('%j is called %j', (question, title) => {
	expect(conversationTitle(question)).toBe(title);
});
