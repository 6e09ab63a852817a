import { beforeEach, describe, expect, test } from 'vitest';
import type { ConversationId } from '../core/ids.ts';
import { write } from '../ports/store-write.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { MemoryRecordStore } from '../testing/memory-record-store.ts';
import { scriptedChoice } from '../testing/setup-with.ts';
import { messageStore, type MessageRow } from './chat-records.ts';
import { ConversationStore } from './conversation-store.ts';

let records: MemoryRecordStore;
let clock: ManualClock;
let store: ConversationStore;

beforeEach(() => {
	records = new MemoryRecordStore();
	clock = new ManualClock(1000);
	store = new ConversationStore({ records, clock });
});

async function conversationWith(...questions: string[]): Promise<ConversationId> {
	const { id } = await store.create();
	for (const question of questions) {
		await store.addQuestion(id, question);
		const answer = await store.addAnswer(id);
		await store.put({ ...answer, text: `About ${question}`, state: 'complete' });
	}
	return id;
}

describe('conversations', () => {
	test('are listed with the one used last at the top', async () => {
		const first = await conversationWith();
		clock.jump(10);
		const second = await conversationWith();
		expect((await store.list()).map(({ id }) => id)).toEqual([second, first]);
		clock.jump(10);
		await store.addQuestion(first, 'Again?');
		expect((await store.list()).map(({ id }) => id)).toEqual([first, second]);
	});

	test('are named by their first question, unless the user names them', async () => {
		const id = await conversationWith('What is a saga?', 'And then?');
		expect((await store.get(id))?.title).toBe('What is a saga?');
		await store.rename(id, '  Sagas ');
		await store.addQuestion(id, 'More?');
		expect((await store.get(id))?.title).toBe('Sagas');
		await store.rename(id, ' ');
		expect((await store.get(id))?.title).toBe('Sagas');
	});

	test('may try an engine of their own, from the beginning or later', async () => {
		const engine = scriptedChoice('7');
		const { id } = await store.create(engine);
		await store.addQuestion(id, 'What is a saga?');
		expect((await store.get(id))?.engine).toEqual(engine);
		await store.setEngine(id, null);
		expect(await store.get(id)).toMatchObject({ engine: null, title: 'What is a saga?' });
		expect(await store.create()).not.toHaveProperty('engine');
	});

	test('that are not there cannot be renamed or asked', async () => {
		const gone = 'gone' as ConversationId;
		await expect(store.rename(gone, 'x')).rejects.toMatchObject({ code: 'storage/missing' });
		await expect(store.setEngine(gone, null)).rejects.toMatchObject({ code: 'storage/missing' });
		await expect(store.addQuestion(gone, 'x')).rejects.toMatchObject({ code: 'storage/missing' });
		expect(await store.messages(gone)).toEqual([]);
	});

	test('go with their messages, and leave those of others', async () => {
		const kept = await conversationWith('A?');
		const dropped = await conversationWith('B?');
		await store.remove(dropped);
		await store.remove(dropped);
		expect(await store.messages(dropped)).toEqual([]);
		expect(await store.messages(kept)).toHaveLength(2);
		expect(await store.list()).toHaveLength(1);
	});
});

describe('messages', () => {
	test('stand in the order in which they were written', async () => {
		const id = await conversationWith('A?', 'B?');
		expect((await store.messages(id)).map(({ position, text }) => [position, text])).toEqual([
			[0, 'A?'],
			[1, 'About A?'],
			[2, 'B?'],
			[3, 'About B?']
		]);
		expect((await store.lastMessage(id))?.text).toBe('About B?');
	});

	test('a question is on disk before anything else happens', async () => {
		const { id } = await store.create();
		await store.addQuestion(id, 'A?');
		expect(records.durabilities.at(-1)).toBe('strict');
	});

	test('do not come back once their conversation is removed', async () => {
		const id = await conversationWith('A?');
		const answer = (await store.lastMessage(id))!;
		await store.remove(id);
		await store.put(answer);
		expect(await records.count(messageStore)).toBe(0);
	});
});

describe('markInterrupted', () => {
	test('ends the answers that an earlier session was writing, and keeps their text', async () => {
		const id = await conversationWith('A?');
		await store.addQuestion(id, 'B?');
		const answer = await store.addAnswer(id);
		await store.put({ ...answer, text: 'Half an ans' });
		const whole = await conversationWith('C?');
		expect(await store.markInterrupted()).toBe(1);
		const states = (rows: MessageRow[]) => rows.map(({ state }) => state);
		expect(states(await store.messages(id))).toEqual([
			'complete',
			'complete',
			'complete',
			'interrupted'
		]);
		expect((await store.lastMessage(id))?.text).toBe('Half an ans');
		expect(states(await store.messages(whole))).toEqual(['complete', 'complete']);
	});

	test('writes nothing when there is nothing to end', async () => {
		await conversationWith('A?');
		const commits = records.commits;
		expect(await store.markInterrupted()).toBe(0);
		expect(records.commits).toBe(commits);
	});
});

test('a message that another tab has written at the same place is noticed', async () => {
	const { id } = await store.create();
	const other: MessageRow = { ...(await store.addQuestion(id, 'A?')), position: 1 };
	const racing = new ConversationStore({
		clock,
		records: Object.create(records, {
			commit: {
				value: async (...args: Parameters<typeof records.commit>) => {
					await records.commit([write.put(messageStore, other)]);
					return records.commit(...args);
				}
			},
			get: { value: records.get.bind(records) },
			list: { value: records.list.bind(records) }
		}) as typeof records
	});
	await expect(racing.addAnswer(id)).rejects.toMatchObject({ code: 'storage/conflict' });
});
