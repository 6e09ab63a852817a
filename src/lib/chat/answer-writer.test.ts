import { beforeEach, describe, expect, test } from 'vitest';
import { AppError } from '../core/errors.ts';
import type { AdapterId, ConversationId, DocumentId } from '../core/ids.ts';
import { nextTask } from '../core/next-task.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { MemoryRecordStore } from '../testing/memory-record-store.ts';
import { ScriptedAnswers, scriptedUsage } from '../testing/scripted-answers.ts';
import { scriptedChoice } from '../testing/setup-with.ts';
import { AnswerWriter } from './answer-writer.ts';
import type { MessageRow } from './chat-records.ts';
import { ConversationStore } from './conversation-store.ts';

const lost = new AppError('engine/device-lost');
const never = (): AbortSignal => new AbortController().signal;

let clock: ManualClock;
let store: ConversationStore;
let engine: ScriptedAnswers;
let id: ConversationId;
let row: MessageRow;
let updates: MessageRow[];
let passages: number;

beforeEach(async () => {
	clock = new ManualClock();
	store = new ConversationStore({ records: new MemoryRecordStore(), clock });
	engine = new ScriptedAnswers(clock, 'Half', lost);
	({ id } = await store.create());
	await store.addQuestion(id, 'Why?');
	row = await store.addAnswer(id);
	updates = [];
	passages = 2;
});

function write(signal = never(), change: Partial<MessageRow> = {}): Promise<MessageRow> {
	const found = Array.from({ length: passages }, (_, ordinal) => ({
		documentId: 'doc' as DocumentId,
		ordinal,
		documentName: 'Notes.pdf',
		headings: [],
		page: null,
		text: `text ${ordinal} `.repeat(100)
	}));
	const parts = {
		...{ store, clock, engine },
		finder: { find: async () => ({ passages: found, index: null }) }
	};
	const task = {
		...{ question: 'Why?', wanted: scriptedChoice('7') },
		history: [{ question: 'Before?', answer: 'Then. '.repeat(500), sent: null }],
		onUpdate: (message: MessageRow) => void updates.push(message)
	};
	return new AnswerWriter(parts, task, { ...row, ...change }).write(signal);
}

const stored = () => store.lastMessage(id);

describe('an engine that fails in mid-answer', () => {
	test('is followed by another one, which says why it answers', async () => {
		engine.others = [{ pieces: ['Whole.'], facts: { mishaps: ['The device was lost.'] } }];
		const answer = await write();
		expect(answer).toMatchObject({
			text: 'Whole.',
			state: 'complete',
			error: null,
			provenance: { engine: scriptedChoice('2'), mishaps: ['The device was lost.'] }
		});
		expect(engine.wanted).toEqual([scriptedChoice('7')]);
		expect(engine.failures).toEqual([lost]);
		expect(await stored()).toEqual(answer);
	});

	test('what it wrote is shown and stored until the next one writes', async () => {
		const { promise, resolve } = Promise.withResolvers<null>();
		engine.others = [{ pieces: [promise, 'Whole.'] }];
		const writing = write();
		await expect.poll(() => engine.requests.length).toBe(2);
		expect(updates.at(-1)).toMatchObject({
			text: 'Half',
			state: 'streaming',
			provenance: { engine: scriptedChoice('1') }
		});
		expect((await stored())?.text).toBe('Half');
		resolve(null);
		expect((await writing).text).toBe('Whole.');
		expect([...new Set(updates.map(({ text }) => text))]).toEqual(['', 'Half', 'Whole.']);
	});

	test('keeps what it wrote when nothing answers instead', async () => {
		engine.others = [{ pieces: [lost], facts: { mishaps: ['The first one failed.'] } }];
		expect(await write()).toMatchObject({
			text: 'Half',
			state: 'failed',
			error: { code: 'engine/device-lost', advice: 'Try again; SAM starts the engine anew.' },
			provenance: { engine: scriptedChoice('1'), mishaps: ['The first one failed.'] }
		});
		expect(engine.failures).toEqual([lost, lost]);
	});

	test('the next one is asked with a prompt of its own size', async () => {
		engine.others = [{ pieces: ['Small.'], facts: { contextTokens: 900 } }];
		const answer = await write();
		const [first, second] = engine.requests;
		expect(first!.messages.length).toBeGreaterThan(second!.messages.length);
		expect(answer.provenance?.droppedTurns).toBe(1);
		expect(answer.sent).toBe(second!.messages.at(-1)?.content);
	});

	test('a store that fails meanwhile is no failure of the engine', async () => {
		engine.pieces = ['A', 'B', 'C'];
		const put = store.put.bind(store);
		store.put = () => Promise.reject(new AppError('storage/quota'));
		await expect(write()).rejects.toMatchObject({ code: 'storage/quota' });
		expect([updates.at(-1)?.text, engine.failures]).toEqual(['ABC', []]);
		store.put = put;
		expect((await write()).text).toBe('ABC');
	});
});

describe('what an answer says of its making', () => {
	test('nothing of what did not happen', async () => {
		engine.pieces = ['Whole.'];
		const { provenance, sent } = await write();
		expect(provenance).toEqual({
			engine: scriptedChoice('1'),
			extractive: false,
			device: 'wasm',
			index: null,
			usage: scriptedUsage,
			end: 'stop'
		});
		expect(sent).toBe(engine.requests[0]!.messages.at(-1)?.content);
		expect(sent).toContain('Question: Why?');
	});

	test('that it was cut at the limit of its length', async () => {
		engine.pieces = ['And on and on'];
		engine.end = 'length';
		expect((await write()).provenance?.end).toBe('length');
	});

	test('with which adapters the engine that wrote it was loaded', async () => {
		const style = { id: 'style' as AdapterId, name: 'My style', strength: 0.5 };
		engine.facts = { adapters: [style] };
		engine.pieces = ['Whole.'];
		expect((await write()).provenance?.adapters).toEqual([style]);
		engine.pieces = ['Half', lost];
		engine.others = [{ pieces: ['Whole.'] }];
		expect((await write()).provenance).not.toHaveProperty('adapters');
	});

	test('each mishap once, whichever engine tells it', async () => {
		engine.facts = { mishaps: ['One.'] };
		engine.others = [
			{ pieces: [lost], facts: { mishaps: ['One.', 'Two.'] } },
			{ pieces: ['Whole.'], facts: { mishaps: ['Three.'] } }
		];
		expect((await write()).provenance?.mishaps).toEqual(['One.', 'Two.', 'Three.']);
	});
});

describe('reasoning', () => {
	const thought = (text: string) => ({ type: 'reasoning-delta', text }) as const;

	test('is stored beside the text, with the time until the answer began', async () => {
		engine.pieces = [thought('H'), thought('m.'), 'Whole', '.'];
		const answer = await write();
		expect(answer).toMatchObject({ text: 'Whole.', reasoning: { text: 'Hm.', ms: 1000 } });
		expect(await stored()).toEqual(answer);
	});

	test('is shown while it goes on, and stored on the way', async () => {
		const [first, second] = [Promise.withResolvers<null>(), Promise.withResolvers<null>()];
		engine.pieces = [thought('H'), first.promise, thought('m.'), second.promise, 'Whole.'];
		const writing = write();
		await expect.poll(() => updates.at(-1)?.reasoning).toEqual({ text: 'H', ms: null });
		await clock.advance(1000);
		first.resolve(null);
		const soFar = { text: '', state: 'streaming', reasoning: { text: 'Hm.', ms: null } };
		await expect.poll(() => updates.at(-1)).toMatchObject(soFar);
		expect(await stored()).toMatchObject(soFar);
		second.resolve(null);
		expect((await writing).reasoning).toEqual({ text: 'Hm.', ms: 2000 });
	});

	test('that is cut off stays, and says nothing of its time', async () => {
		engine.pieces = [thought('Hm.')];
		engine.end = 'length';
		expect(await write()).toMatchObject({
			text: '',
			state: 'complete',
			reasoning: { text: 'Hm.', ms: null }
		});
	});

	test('that turns out to be the answer is the answer alone', async () => {
		engine.pieces = [thought('Fo'), thought('ur.'), 'Four.'];
		expect(await write()).toMatchObject({ text: 'Four.', reasoning: null });
	});

	test('of an engine that failed goes with its text', async () => {
		engine.pieces = [thought('Hm.'), 'Half', lost];
		engine.others = [{ pieces: ['Whole.'] }];
		expect(await write()).toMatchObject({ text: 'Whole.', reasoning: null });
	});

	test('of the next engine takes the place of what the first one wrote', async () => {
		engine.others = [{ pieces: [thought('Hm.'), 'Whole.'] }];
		expect(await write()).toMatchObject({
			text: 'Whole.',
			reasoning: { text: 'Hm.', ms: 1000 },
			provenance: { engine: scriptedChoice('2') }
		});
		const shown = updates.find(({ reasoning }) => reasoning);
		expect(shown).toMatchObject({ text: '', provenance: { engine: scriptedChoice('2') } });
	});
});

describe('a prompt that the engine finds too long', () => {
	const overflow = (promptTokens: number): AppError =>
		new AppError('engine/context-overflow', { details: { promptTokens, contextTokens: 4096 } });

	/** Refuses prompts of more than that many characters, as one that counts a token for each. */
	function countingCharacters(contextTokens: number): void {
		engine.facts = {
			contextTokens,
			async *generate(request) {
				engine.requests.push(request);
				const tokens = request.messages.reduce((sum, { content }) => sum + content.length, 0);
				if (tokens > contextTokens - request.maxTokens) throw overflow(tokens);
				yield { type: 'text-delta', text: 'Whole.' };
				yield { type: 'end', reason: 'stop', usage: scriptedUsage };
			}
		};
	}

	test('is built anew with what it has measured: the old turns go, then passages', async () => {
		countingCharacters(4096);
		const answer = await write();
		expect(answer).toMatchObject({ text: 'Whole.', provenance: { droppedTurns: 1 } });
		expect(answer.citations).toHaveLength(2);
		expect(engine.requests).toHaveLength(2);

		engine.requests.length = 0;
		countingCharacters(2800);
		expect((await write()).citations).toHaveLength(1);
		expect(engine.failures).toEqual([]);
	});

	test('three times; then the question is told to be too long', async () => {
		engine.pieces = [new AppError('engine/context-overflow')];
		expect(await write()).toMatchObject({
			state: 'failed',
			error: { code: 'engine/context-overflow' }
		});
		expect(engine.requests).toHaveLength(4);
		expect(engine.failures).toEqual([]);
	});
});

describe('stopping', () => {
	test('needs no engine that listens: while it loads', async () => {
		engine.loading = new Promise(() => undefined);
		const stop = new AbortController();
		const writing = write(stop.signal);
		await nextTask();
		stop.abort();
		expect(await writing).toMatchObject({ text: '', state: 'stopped', error: null });
	});

	test('while another engine is loaded keeps what the first one wrote', async () => {
		engine.others = [{ pieces: ['never'], loading: new Promise(() => undefined) }];
		const stop = new AbortController();
		const writing = write(stop.signal);
		await expect.poll(() => engine.failures.length).toBe(1);
		stop.abort();
		expect(await writing).toMatchObject({ text: 'Half', state: 'stopped', error: null });
	});

	test('before the next engine has written says nothing of that engine', async () => {
		const stop = new AbortController();
		const waiting = Promise.withResolvers<null>();
		engine.others = [{ pieces: [waiting.promise, 'never'] }];
		const writing = write(stop.signal);
		await expect.poll(() => engine.requests.length).toBe(2);
		stop.abort();
		waiting.resolve(null);
		const answer = await writing;
		expect(answer).toMatchObject({ text: 'Half', state: 'stopped' });
		expect(answer.provenance).toMatchObject({ engine: scriptedChoice('1'), usage: null });
	});
});

describe('an answer that is written anew', () => {
	const old = { text: 'Old.', provenance: null, citations: [], sent: 'old' };

	test('is the old one until there is another', async () => {
		engine.pieces = [lost];
		expect(await write(never(), old)).toMatchObject({ ...old, state: 'failed' });
		engine.pieces = ['New.'];
		const answer = await write(never(), old);
		expect(answer.text).toBe('New.');
		expect(answer.sent).toContain('Question: Why?');
	});

	test('may be empty', async () => {
		engine.pieces = [];
		expect(await write(never(), old)).toMatchObject({ text: '', state: 'complete' });
	});
});
