import { expect, test } from 'vitest';
import { ManualClock } from '../testing/manual-clock.ts';
import { MemoryRecordStore } from '../testing/memory-record-store.ts';
import { chatSizes } from './chat-sizes.ts';
import { ConversationStore } from './conversation-store.ts';

test('every chat has the size of all its messages, the newest first', async () => {
	const clock = new ManualClock(1000);
	const store = new ConversationStore({ records: new MemoryRecordStore(), clock });
	const long = await store.create();
	await store.addQuestion(long.id, 'x'.repeat(350));
	await store.addQuestion(long.id, 'y'.repeat(700));
	await clock.advance(5);
	const short = await store.create();
	await store.addQuestion(short.id, 'Hello');
	expect(await chatSizes(store)).toEqual([
		{ title: 'Hello', tokens: 2 + 8 },
		{ title: expect.stringMatching(/^x+/) as string, tokens: 100 + 200 + 16 }
	]);
});

test('without chats there is nothing', async () => {
	const clock = new ManualClock(1000);
	const store = new ConversationStore({ records: new MemoryRecordStore(), clock });
	expect(await chatSizes(store)).toEqual([]);
});
