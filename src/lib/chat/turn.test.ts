import { beforeEach, describe, expect, test } from 'vitest';
import { throwIfAborted } from '../core/abort.ts';
import { AppError } from '../core/errors.ts';
import type { ConversationId, DocumentId, IndexId } from '../core/ids.ts';
import { CrashPoint } from '../testing/crash-point.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { MemoryRecordStore } from '../testing/memory-record-store.ts';
import { scriptedChoice } from '../testing/setup-with.ts';
import { ScriptedAnswers, scriptedUsage as usage } from '../testing/scripted-answers.ts';
import { isSimulatedCrash } from '../testing/simulated-crash.ts';
import type { TurnParts } from './answer-writer.ts';
import type { FoundPassage, PassageFinder } from './chat-ports.ts';
import type { MessageRow } from './chat-records.ts';
import { ConversationStore } from './conversation-store.ts';
import { regenerate, runTurn } from './turn.ts';

const index = 'index-1' as IndexId;
const passages = [1, 2, 3].map((ordinal): FoundPassage => ({
	documentId: 'doc' as DocumentId,
	ordinal,
	documentName: 'Notes.pdf',
	headings: [],
	page: ordinal,
	text: `text ${ordinal}`
}));

const finding: PassageFinder = {
	find: async (_question, limit, signal) => {
		throwIfAborted(signal);
		return { passages: passages.slice(0, limit), index };
	}
};
const failing = (error: AppError): PassageFinder => ({ find: () => Promise.reject(error) });

let records: MemoryRecordStore;
let clock: ManualClock;
let store: ConversationStore;
let engine: ScriptedAnswers;
let id: ConversationId;
let updates: MessageRow[];

beforeEach(async () => {
	records = new MemoryRecordStore();
	clock = new ManualClock();
	store = new ConversationStore({ records, clock });
	engine = new ScriptedAnswers(clock, 'It is ', 'a story [2]', '.');
	({ id } = await store.create());
	updates = [];
});

const parts = (change: Partial<TurnParts> = {}): TurnParts => ({
	store,
	finder: finding,
	engine,
	clock,
	...change
});
const never = (): AbortSignal => new AbortController().signal;
const onUpdate = (message: MessageRow): void => void updates.push(message);

function ask(question = 'What is a saga?', change: Partial<TurnParts> = {}, signal = never()) {
	return runTurn(parts(change), id, question, signal, onUpdate);
}

describe('a turn', () => {
	test('ends with question and answer stored, and says who wrote it from what', async () => {
		const answer = await ask();
		expect(answer).toMatchObject({
			role: 'assistant',
			text: 'It is a story [2].',
			state: 'complete',
			error: null,
			provenance: { engine: scriptedChoice('1'), extractive: false, index, usage }
		});
		const [question, stored] = await store.messages(id);
		expect(question).toMatchObject({ role: 'user', text: 'What is a saga?', state: 'complete' });
		expect(stored).toEqual(answer);
	});

	test('never sends back what the model thought', async () => {
		engine.pieces = [{ type: 'reasoning-delta', text: 'Hm, sagas.' }, 'A story.'];
		expect((await ask()).reasoning?.text).toBe('Hm, sagas.');
		await ask('Who wrote it?');
		const sent = JSON.stringify(engine.requests[1]);
		expect(sent).toContain('A story.');
		expect(sent).not.toContain('Hm, sagas.');
	});

	test('keeps the passages that the answer cites', async () => {
		expect((await ask()).citations).toEqual([{ ...passages[1], n: 2 }]);
	});

	test('keeps all passages when the answer cites none', async () => {
		engine.pieces = ['I do not know.'];
		expect((await ask()).citations.map(({ n }) => n)).toEqual([1, 2, 3]);
	});

	test('shows the question, the growing text and the end', async () => {
		await ask();
		expect(updates[0]).toMatchObject({ role: 'user' });
		const texts = updates.slice(1).map(({ text }) => text);
		expect([...new Set(texts)]).toEqual(['', 'It is ', 'It is a story [2]', 'It is a story [2].']);
		expect(updates.at(-1)?.state).toBe('complete');
	});

	test('stores what is written about once a second', async () => {
		const before = records.commits;
		await ask();
		// The question, the empty answer, three pieces of a second each, the end.
		expect(records.commits - before).toBe(6);
	});

	test('gives the engine the turns before, without those that failed', async () => {
		const first = await ask('First?');
		await ask('Second?', { finder: failing(new AppError('engine/embed-failed')) });
		await ask('Third?');
		const contents = engine.requests.at(-1)!.messages.map(({ content }) => content);
		expect(contents.slice(1, -1)).toEqual([first.sent, 'It is a story [2].']);
		expect(contents.at(-1)).toContain('Question: Third?');
	});

	test('respects the limits that it is given', async () => {
		await ask('Short?', { passageLimit: 1, maxAnswerTokens: 7 });
		expect(engine.requests[0]).toMatchObject({ maxTokens: 7, passages: [{ n: 1 }] });
	});

	test('needs a conversation', async () => {
		await store.remove(id);
		await expect(ask()).rejects.toMatchObject({ code: 'storage/missing' });
		expect(engine.requests).toEqual([]);
	});
});

describe('a failure', () => {
	test('of the search fails the answer clearly and keeps the question', async () => {
		const answer = await ask('Why?', { finder: failing(new AppError('engine/device-lost')) });
		expect(answer).toMatchObject({
			state: 'failed',
			error: { code: 'engine/device-lost', message: 'The graphics device was lost.' }
		});
		expect(await store.messages(id)).toMatchObject([{ text: 'Why?' }, { state: 'failed' }]);
		expect(engine.requests).toEqual([]);
	});

	test('of the engine keeps what was written', async () => {
		engine.pieces = ['Half [1] ', new AppError('engine/out-of-memory')];
		const answer = await ask();
		expect(answer).toMatchObject({
			text: 'Half [1] ',
			state: 'failed',
			error: { code: 'engine/out-of-memory' },
			citations: [{ n: 1 }]
		});
		expect(await store.lastMessage(id)).toEqual(answer);
	});

	test('of a question that is too long is told', async () => {
		expect(await ask('why '.repeat(5000))).toMatchObject({
			state: 'failed',
			error: { code: 'engine/context-overflow' }
		});
	});
});

describe('stopping', () => {
	test('keeps what was written', async () => {
		const stop = new AbortController();
		const answer = await runTurn(parts(), id, 'Why?', stop.signal, (message) => {
			if (message.text === 'It is ') stop.abort();
		});
		expect(answer).toMatchObject({ text: 'It is ', state: 'stopped', error: null });
		expect(await store.lastMessage(id)).toEqual(answer);
	});

	test('before the search ends leaves an empty answer that can be asked for again', async () => {
		const stop = new AbortController();
		stop.abort();
		expect(await ask('Why?', {}, stop.signal)).toMatchObject({ text: '', state: 'stopped' });
		expect(await regenerate(parts(), id, never(), onUpdate)).toMatchObject({ state: 'complete' });
		expect(await store.messages(id)).toHaveLength(2);
	});
});

describe('regenerate', () => {
	test('writes the last answer anew in its place', async () => {
		await ask('First?');
		engine.pieces = ['Half', new AppError('engine/device-lost')];
		const failed = await ask('Second?');
		engine.pieces = ['Whole [3].'];
		const answer = await regenerate(parts(), id, never(), onUpdate);
		expect(answer).toMatchObject({
			id: failed.id,
			position: failed.position,
			text: 'Whole [3].',
			state: 'complete',
			error: null,
			citations: [{ n: 3 }]
		});
		expect(await store.messages(id)).toHaveLength(4);
		const contents = engine.requests.at(-1)!.messages.map(({ content }) => content);
		expect(contents[1]).toContain('Question: First?');
		expect(contents.at(-1)).toContain('Question: Second?');
	});

	test('answers a question that never got an answer', async () => {
		await store.addQuestion(id, 'Why?');
		expect(await regenerate(parts(), id, never(), onUpdate)).toMatchObject({
			position: 1,
			state: 'complete'
		});
	});

	test('needs a question', async () => {
		await expect(regenerate(parts(), id, never(), onUpdate)).rejects.toMatchObject({
			code: 'storage/missing'
		});
	});
});

/** Builds the world anew, dies in `work` at the crash point, and starts again. */
async function liveThrough(
	crash: CrashPoint,
	prepare: () => Promise<unknown>,
	work: (dying: TurnParts) => Promise<unknown>
): Promise<MessageRow[]> {
	records = new MemoryRecordStore();
	clock = new ManualClock();
	store = new ConversationStore({ records, clock });
	engine = new ScriptedAnswers(clock, 'It is ', 'a story [2]', '.');
	({ id } = await store.create());
	await prepare();
	const dying = new ConversationStore({ records: crash.records(records), clock });
	const died = await work(parts({ store: dying })).then(
		() => false,
		(error: unknown) => isSimulatedCrash(error)
	);
	expect(died).toBe(crash.crashed);
	crash.revive();
	await store.markInterrupted();
	return store.messages(id);
}

describe('a crash at any write', () => {
	test('loses no question and leaves no answer half-open', async () => {
		const lengths: number[] = [];
		const crashes = await CrashPoint.exhaust(async (crash) => {
			updates = [];
			const messages = await liveThrough(
				crash,
				async () => undefined,
				(dying) => runTurn(dying, id, 'Why?', never(), onUpdate)
			);
			lengths.push(messages.length);
			// What was shown as asked is there.
			if (updates.length > 0) expect(messages[0]).toMatchObject({ text: 'Why?' });
			const answer = messages[1];
			if (answer) expect(['interrupted', 'complete']).toContain(answer.state);
			expect('It is a story [2].').toContain(answer?.text ?? '');

			if (messages.length === 0) await runTurn(parts(), id, 'Why?', never(), onUpdate);
			else await regenerate(parts(), id, never(), onUpdate);
			expect((await store.messages(id)).map(({ text }) => text)).toEqual([
				'Why?',
				'It is a story [2].'
			]);
		});
		expect(crashes).toBe(12);
		expect(new Set(lengths)).toEqual(new Set([0, 1, 2]));
	});

	test('while an answer is written anew leaves the old one or the new', async () => {
		const texts = new Set<string | undefined>();
		await CrashPoint.exhaust(async (crash) => {
			const messages = await liveThrough(
				crash,
				() => {
					engine.pieces = ['Old', new AppError('engine/device-lost')];
					return ask('Why?');
				},
				(dying) => {
					engine.pieces = ['It is ', 'new'];
					return regenerate(dying, id, never(), onUpdate);
				}
			);
			expect(messages).toHaveLength(2);
			expect(messages[1]?.state).not.toBe('streaming');
			texts.add(messages[1]?.text);
		});
		expect(texts).toEqual(new Set(['Old', 'It is ', 'It is new']));
	});
});
