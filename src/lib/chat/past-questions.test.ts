import { beforeEach, describe, expect, test } from 'vitest';
import type { ConversationId, MessageId } from '../core/ids.ts';
import { write } from '../ports/store-write.ts';
import { MemoryRecordStore } from '../testing/memory-record-store.ts';
import {
	conversationStore,
	messageStore,
	type Citation,
	type ConversationRow,
	type MessageRow
} from './chat-records.ts';
import { PastQuestions } from './past-questions.ts';

let records: MemoryRecordStore;

beforeEach(() => {
	records = new MemoryRecordStore();
});

function citation(text: string): Citation {
	return {
		n: 1,
		documentId: 'd',
		ordinal: 0,
		documentName: 'd.md',
		headings: [],
		page: null,
		text
	} as never;
}

type Turn = readonly [question: string, at: number, answer?: Partial<MessageRow>];

async function chat(id: string, ...turns: readonly Turn[]): Promise<void> {
	const conversationId = id as ConversationId;
	const rows = turns.flatMap(([text, at, answer], turn): MessageRow[] => {
		const common = {
			conversationId,
			at,
			error: null,
			provenance: null,
			state: 'complete'
		} as const;
		return [
			{
				...{ ...common, id: `${id}${at}q` as MessageId, position: 2 * turn },
				...{ role: 'user', text, citations: [] }
			},
			{
				...{ ...common, id: `${id}${at}a` as MessageId, position: 2 * turn + 1 },
				...{ role: 'assistant', text: 'So.', citations: [citation(`of ${text}`)], ...answer }
			}
		];
	});
	const updatedAt = Math.max(...turns.map(([, at]) => at));
	const conversation: ConversationRow = { id: conversationId, title: '', createdAt: 0, updatedAt };
	await records.commit([
		write.put(conversationStore, conversation),
		...rows.map((row) => write.put(messageStore, row))
	]);
}

const asked = async (limit = 20): Promise<string[]> =>
	(await new PastQuestions(records).pastQuestions(limit)).map(({ question }) => question);

describe('pastQuestions', () => {
	test('are those of all chats, the newest first, with what their answers cited', async () => {
		await chat('one', ['First?', 1], ['Third?', 3]);
		await chat('two', ['Second?', 2]);
		expect(await new PastQuestions(records).pastQuestions(20)).toEqual([
			{ question: 'Third?', cited: ['of Third?'] },
			{ question: 'Second?', cited: ['of Second?'] },
			{ question: 'First?', cited: ['of First?'] }
		]);
	});

	test('are at most so many, also when an older chat has newer ones', async () => {
		await chat('old', ['A?', 1], ['D?', 4]);
		await chat('new', ['B?', 2], ['C?', 3], ['E?', 5]);
		expect(await asked(3)).toEqual(['E?', 'D?', 'C?']);
		expect(await asked(0)).toEqual([]);
	});

	test('name each question once, however it was typed', async () => {
		await chat('one', ['How warm is a hive?', 1]);
		await chat('two', [' how  warm IS a hive? ', 2]);
		expect(await asked()).toEqual(['how  warm IS a hive?']);
	});

	test.each<[string, Partial<MessageRow>]>([
		['stands on no passage', { citations: [] }],
		['failed', { state: 'failed' }],
		['was stopped', { state: 'stopped' }]
	])('leave out what has an answer that %s', async (_, answer) => {
		await chat('one', ['Well?', 1, answer], ['Good?', 2]);
		expect(await asked()).toEqual(['Good?']);
	});

	test('are none where there is no chat', async () => {
		expect(await asked()).toEqual([]);
	});
});
