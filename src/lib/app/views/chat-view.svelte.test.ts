import { flushSync } from 'svelte';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Answering } from '../../chat/chat-ports.ts';
import { ConversationStore } from '../../chat/conversation-store.ts';
import { AppError } from '../../core/errors.ts';
import type { ConversationId } from '../../core/ids.ts';
import { nextTask } from '../../core/next-task.ts';
import type { EngineChoice } from '../../core/setup.ts';
import { ManualClock } from '../../testing/manual-clock.ts';
import { MemoryRecordStore } from '../../testing/memory-record-store.ts';
import { MemoryTabHub } from '../../testing/memory-tab-channel.ts';
import { scriptedChoice } from '../../testing/setup-with.ts';
import type { AppMessage } from '../app-message.ts';
import { ChangeFeed } from '../change-feed.ts';
import { TurnGate } from '../turn-gate.ts';
import { ChatView } from './chat-view.svelte.ts';

const usage = { promptTokens: 1, completionTokens: 1, firstTokenMs: 1, totalMs: 1 };

let clock: ManualClock;
let conversations: ConversationStore;
let gate: TurnGate;
let chat: ChatView;
/** Lets the answer under way say its second half. */
let goOn: () => void;
let failure: AppError | null;
/** The engine that each answer was wanted of. */
let asked: (EngineChoice | null)[];
/** What the user has chosen for a chat. */
let chosen: (EngineChoice | null)[];

beforeEach(() => {
	clock = new ManualClock(1000);
	conversations = new ConversationStore({ records: new MemoryRecordStore(), clock });
	gate = new TurnGate();
	failure = null;
	asked = [];
	chosen = [];
	chat = new ChatView({
		conversations,
		onChosen: (engine) => chosen.push(engine),
		gate,
		feed: new ChangeFeed(new MemoryTabHub<AppMessage>().join()),
		turn: async () => ({
			store: conversations,
			clock,
			finder: { find: async () => ({ passages: [], index: null }) },
			engine: {
				open: async (wanted) => {
					asked.push(wanted);
					return answering;
				}
			}
		})
	});
});

const answering: Answering = {
	...{ engine: scriptedChoice('1'), extractive: false, device: 'wasm' },
	...{ contextTokens: 4096, mishaps: [], generate },
	insteadOf: async (error) => {
		throw error;
	}
};

async function* generate(_: unknown, signal: AbortSignal) {
	if (failure) throw failure;
	yield { type: 'text-delta' as const, text: 'Half' };
	const { promise, resolve } = Promise.withResolvers<null>();
	goOn = () => resolve(null);
	signal.addEventListener('abort', goOn);
	await promise;
	if (signal.aborted) {
		yield { type: 'end' as const, reason: 'cancelled' as const, usage };
		return;
	}
	yield { type: 'text-delta' as const, text: ' and whole.' };
	yield { type: 'end' as const, reason: 'stop' as const, usage };
}

/** Asks and waits until half of the answer is there. */
async function halfAnswered(question = 'What about bees?'): Promise<ConversationId> {
	const id = await chat.send(question);
	await expect.poll(() => chat.messages.at(-1)?.text).toBe('Half');
	return id!;
}

async function answered(question?: string): Promise<ConversationId> {
	const id = await halfAnswered(question);
	goOn();
	await expect.poll(() => chat.busy).toBe(false);
	await nextTask();
	return id;
}

const shown = (): string[] => chat.messages.map(({ role, text }) => `${role}: ${text}`);

describe('a question', () => {
	test('begins a chat, which has its title and its place in the list while the answer is written', async () => {
		const id = await halfAnswered();
		expect(chat.current).toBe(id);
		expect(shown()).toEqual(['user: What about bees?', 'assistant: Half']);
		await expect
			.poll(() => chat.conversations.map(({ title }) => title))
			.toEqual(['What about bees?']);
		expect([chat.streaming, chat.busy]).toEqual([true, true]);
	});

	test('gets its answer, and background work waits until then', async () => {
		await halfAnswered();
		let idle = false;
		void gate.whenIdle(new AbortController().signal).then(() => (idle = true));
		await nextTask();
		expect(idle).toBe(false);
		goOn();
		await expect.poll(() => idle).toBe(true);
		expect(shown().at(-1)).toBe('assistant: Half and whole.');
		await expect.poll(() => [chat.streaming, chat.busy]).toEqual([false, false]);
	});

	test('that comes twice at once is asked once', async () => {
		const [first, second] = [chat.send('one'), chat.send('two')];
		await Promise.all([first, second]);
		await expect.poll(shown).toEqual(['user: one', 'assistant: Half']);
		expect(await conversations.list()).toHaveLength(1);
	});

	test('that follows goes to the same chat', async () => {
		const id = await answered('one');
		await answered('two');
		expect(chat.current).toBe(id);
		expect(shown()).toHaveLength(4);
	});

	test('that cannot be stored says why, and the next one may be asked', async () => {
		const create = conversations.create.bind(conversations);
		conversations.create = () => Promise.reject(new AppError('storage/quota'));
		expect(await chat.send('one')).toBeNull();
		expect([chat.error?.code, chat.busy]).toEqual(['storage/quota', false]);
		conversations.create = create;
		await answered('two');
		expect(chat.error).toBeNull();
	});

	test('that an engine fails to answer keeps its place, and may be tried again', async () => {
		failure = new AppError('engine/device-lost');
		await chat.send('one');
		await expect.poll(() => chat.messages.at(-1)?.state).toBe('failed');
		await expect.poll(() => chat.busy).toBe(false);
		failure = null;
		const again = chat.again();
		await expect.poll(() => chat.messages.at(-1)?.text).toBe('Half');
		goOn();
		await again;
		expect(shown()).toEqual(['user: one', 'assistant: Half and whole.']);
	});

	test('that is stopped keeps what there is of its answer', async () => {
		await halfAnswered();
		chat.stop();
		await expect.poll(() => chat.busy).toBe(false);
		expect(chat.messages.at(-1)).toMatchObject({ text: 'Half', state: 'stopped' });
	});
});

describe('while an answer is written', () => {
	test('another chat can be looked at, and the answer is whole on the way back', async () => {
		const other = await answered('other');
		await chat.open(null);
		const id = await halfAnswered('this');
		await chat.open(other);
		expect(shown()).toEqual(['user: other', 'assistant: Half and whole.']);
		expect([chat.streaming, chat.busy]).toEqual([false, true]);
		await chat.open(id);
		expect(shown()).toEqual(['user: this', 'assistant: Half']);
		expect(chat.streaming).toBe(true);
		goOn();
		await expect.poll(() => shown().at(-1)).toBe('assistant: Half and whole.');
	});

	test('it does not appear in the chat that is looked at', async () => {
		const other = await answered('other');
		await chat.open(null);
		await halfAnswered('this');
		await chat.open(other);
		goOn();
		await expect.poll(() => chat.busy).toBe(false);
		await nextTask();
		expect(shown()).toEqual(['user: other', 'assistant: Half and whole.']);
	});

	test('reading again does not set it back to what is stored', async () => {
		await halfAnswered();
		await chat.refresh();
		expect(shown()).toEqual(['user: What about bees?', 'assistant: Half']);
	});

	test('its chat can be removed: it ends, and nothing of it stays', async () => {
		const id = await halfAnswered();
		await chat.remove(id);
		await expect.poll(() => chat.busy).toBe(false);
		expect([chat.current, chat.messages, chat.conversations]).toEqual([null, [], []]);
		expect(await conversations.messages(id)).toEqual([]);
	});
});

describe('opening', () => {
	test('shows the messages of that chat; the last one opened wins', async () => {
		const first = await answered('one');
		await chat.open(null);
		expect(shown()).toEqual([]);
		const second = await answered('two');
		await Promise.all([chat.open(first), chat.open(second), chat.open(first)]);
		expect(shown()[0]).toBe('user: one');
	});

	test('counts the chats that were opened, but not the new one that got its id', async () => {
		const first = await answered('one');
		expect(chat.opened).toBe(0);
		await chat.open(null);
		await chat.open(first);
		await chat.open(first);
		expect(chat.opened).toBe(2);
	});

	test('an effect that opens is not run again by what it has opened', async () => {
		let runs = 0;
		const stop = $effect.root(() => {
			$effect(() => {
				runs++;
				void chat.open(null);
			});
		});
		flushSync();
		await answered();
		flushSync();
		stop();
		expect(runs).toBe(1);
		expect(chat.current).not.toBeNull();
	});
});

describe('the engine that a chat tries', () => {
	const [first, second] = [scriptedChoice('7'), scriptedChoice('8')];

	test('is asked in that chat alone', async () => {
		const other = await answered('other');
		await chat.open(null);
		const id = await answered('this');
		await chat.useEngine(first);
		await expect.poll(() => chat.engine).toEqual(first);
		await answered('again');
		expect(asked).toEqual([null, null, first]);
		await chat.open(other);
		expect(chat.engine).toBeNull();
		await answered('more');
		expect(asked.at(-1)).toBeNull();
		await chat.open(id);
		await chat.useEngine(null);
		await expect.poll(() => chat.engine).toBeNull();
		expect(chosen).toEqual([first, null]);
	});

	test('can be chosen before the first question, and is forgotten with the next new chat', async () => {
		const other = await answered('other');
		await chat.open(null);
		await chat.useEngine(second);
		expect(chat.engine).toEqual(second);
		await chat.open(other);
		expect(chat.engine).toBeNull();
		await chat.open(null);
		const id = await answered('this');
		expect([asked.at(-1), chat.engine]).toEqual([second, second]);
		expect((await conversations.get(id))?.engine).toEqual(second);
		await chat.open(null);
		expect(chat.engine).toBeNull();
	});

	test('that cannot be stored says why', async () => {
		const id = await answered();
		await conversations.remove(id);
		await chat.useEngine(first);
		expect(chat.error?.code).toBe('storage/missing');
	});
});

test('a new title is shown, and one for a chat that is gone is an error', async () => {
	const id = await answered();
	await chat.rename(id, 'Bees');
	await expect.poll(() => chat.conversations[0]?.title).toBe('Bees');
	await chat.rename('gone' as ConversationId, 'Nothing');
	expect(chat.error?.code).toBe('storage/missing');
});
