import { beforeEach, describe, expect, test } from 'vitest';
import { ConversationStore } from '../chat/conversation-store.ts';
import type { MessageRow } from '../chat/chat-records.ts';
import { runTurn } from '../chat/turn.ts';
import type { IndexId } from '../core/ids.ts';
import { AnsweringWorld, onnxModel } from '../testing/answering-world.ts';
import { choiceOf } from './model-directory.ts';
import { turnParts } from './turn-parts.ts';
import { TurnGate } from './turn-gate.ts';

const [old, fresh] = [onnxModel('Old'), onnxModel('Fresh')];
const signal = new AbortController().signal;

let world: AnsweringWorld;
let conversations: ConversationStore;
let gate: TurnGate;
/** The indexes that were searched. */
let searched: (IndexId | null)[];
/** Awaited when documents are searched. */
let onSearch: () => Promise<unknown>;

beforeEach(async () => {
	world = new AnsweringWorld([old, fresh], []);
	await world.setup.initialise(world.setupOf(old));
	conversations = new ConversationStore({ records: world.records, clock: world.clock });
	gate = new TurnGate();
	searched = [];
	onSearch = () => Promise.resolve();
});

const switchOver = () => world.tryOut(world.setupOf(old), world.setupOf(fresh));

async function ask(question: string): Promise<MessageRow> {
	const { id } = await conversations.create();
	return gate.during(async () => {
		const { embedding, answers, setup, clock } = world;
		const parts = await turnParts({
			...{ conversations, embedding, answers, setup, parts: { clock } },
			knowledge: {
				search: async ({ indexId }) => {
					searched.push(indexId);
					await onSearch();
					return [];
				}
			}
		});
		return runTurn(parts, id, question, signal, () => undefined);
	});
}

/** What the app does about a switch: it loads the new engines when nobody is being answered. */
async function warmUp(): Promise<void> {
	await gate.whenIdle(signal);
	await Promise.all([world.embedding.get(signal), world.answers.open(null, signal)]);
}

/** Where the answer says that it came from. */
const originOf = ({ state, provenance }: MessageRow) => [
	state,
	provenance?.engine.name,
	provenance?.index
];

const fromOld = ['complete', 'Old', 'index-old'];
const fromFresh = ['complete', 'Fresh', 'index-fresh'];

describe('a question that is asked before a switch', () => {
	test('is searched and answered by the old setup when the switch comes as its engine loads', async () => {
		const held = Promise.withResolvers<undefined>();
		world.onLoad = () => held.promise;
		const asked = ask('What do bees need?');
		await expect.poll(() => world.loads).toEqual(['old auto']);
		await switchOver();
		const warm = warmUp();
		held.resolve(undefined);
		expect(originOf(await asked)).toEqual(fromOld);
		await warm;
		expect(searched).toEqual(['index-old']);
	});

	test('is answered by the old setup when the switch comes in the middle of the search', async () => {
		onSearch = switchOver;
		expect(originOf(await ask('What do bees need?'))).toEqual(fromOld);
		expect(world.loads).toEqual(['old auto', 'old auto']);
	});

	test('is answered to its end when the switch comes in the middle of the answer', async () => {
		const half = Promise.withResolvers<undefined>();
		const reached = Promise.withResolvers<undefined>();
		world.scripts.set('old', {
			tokens: ['Water', ' and', ' flowers.'],
			pause: async (method, at) => {
				if (method !== 'generate' || at !== 1) return;
				reached.resolve(undefined);
				await half.promise;
			}
		});
		const asked = ask('What do bees need?');
		await reached.promise;
		await switchOver();
		const warm = warmUp();
		half.resolve(undefined);
		const answer = await asked;
		await warm;
		expect(answer.text).toBe('Water and flowers.');
		expect(originOf(answer)).toEqual(fromOld);
	});

	test('is followed by one that the new setup answers alone', async () => {
		onSearch = () => (searched.length === 1 ? switchOver() : Promise.resolve());
		await ask('What do bees need?');
		expect(originOf(await ask('And in winter?'))).toEqual(fromFresh);
		expect(searched).toEqual(['index-old', 'index-fresh']);
	});
});

test('no engine of the new setup is loaded while a question is being answered', async () => {
	const held = Promise.withResolvers<undefined>();
	const reached = Promise.withResolvers<undefined>();
	onSearch = async () => {
		reached.resolve(undefined);
		await held.promise;
	};
	const asked = ask('What do bees need?');
	await reached.promise;
	await switchOver();
	const warm = warmUp();
	await new Promise(setImmediate);
	expect(world.loads).toEqual(['old auto', 'old auto']);
	held.resolve(undefined);
	await Promise.all([asked, warm]);
	expect(world.loads.slice(2).sort()).toEqual(['fresh auto', 'fresh auto']);
});

test('an engine chosen for one chat answers there, whatever the setup', async () => {
	const { id } = await conversations.create(choiceOf(fresh));
	const { embedding, answers, setup, clock } = world;
	const knowledge = { search: () => Promise.resolve([]) };
	const parts = await turnParts({
		...{ conversations, embedding, answers, setup, knowledge, parts: { clock } }
	});
	const answer = await runTurn(parts, id, 'What?', signal, () => undefined);
	expect(answer.provenance?.engine.name).toBe('Fresh');
});

test('an old engine that does not load any more is replaced by what is in use now', async () => {
	const held = Promise.withResolvers<undefined>();
	world.onLoad = (load) => (load.startsWith('old') ? held.promise : undefined);
	const asked = ask('What do bees need?');
	await expect.poll(() => world.loads).toHaveLength(1);
	await switchOver();
	world.missing.add('old');
	held.reject(new Error('gone'));
	const { state, provenance } = await asked;
	expect([state, provenance?.engine.name]).toEqual(['complete', 'Fresh']);
});
