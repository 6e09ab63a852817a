import { beforeEach, describe, expect, test, vi } from 'vitest';
import { adapterStore, type AdapterRow } from '../../adapters/adapter-records.ts';
import { AppError } from '../../core/errors.ts';
import type { AdapterId, MessageId, ModelId } from '../../core/ids.ts';
import type { EngineChoice } from '../../core/setup.ts';
import { write } from '../../ports/store-write.ts';
import { engineNamed, turnOf } from '../../testing/judged-answers.ts';
import { ManualClock } from '../../testing/manual-clock.ts';
import { MemoryRecordStore } from '../../testing/memory-record-store.ts';
import { MemoryTabHub } from '../../testing/memory-tab-channel.ts';
import type { AppMessage } from '../app-message.ts';
import { ChangeFeed } from '../change-feed.ts';
import { PreferencesView } from './preferences-view.svelte.ts';

const [question, answer] = turnOf(0, 'What do bees eat?', 'Honey.');
const id = 'a0' as MessageId;
const all = { base: null, since: null, extractive: true };
let records: MemoryRecordStore;
let hub: MemoryTabHub<AppMessage>;

beforeEach(() => {
	records = new MemoryRecordStore();
	hub = new MemoryTabHub<AppMessage>();
});

let asked: string[];
/** Every model is a copy of Llama. */
const basesOf = (engines: readonly EngineChoice[]): Promise<ReadonlyMap<ModelId, ModelId>> => {
	asked = engines.map(({ name }) => name);
	return Promise.resolve(new Map(engines.map(({ model }) => [model, engineNamed('Llama').model])));
};

function inTab(leads = true): PreferencesView {
	const feed = new ChangeFeed(hub.join());
	const clock = new ManualClock(5);
	return new PreferencesView({ records, clock, feed, leads: () => leads, basesOf });
}

describe('preferences', () => {
	test('are unknown until they are read', async () => {
		const view = inTab();
		expect([view.rows, view.of(id)]).toEqual([null, null]);
		await view.read();
		expect([view.rows, view.pairs, view.unpaired]).toEqual([[], [], []]);
	});

	test('grow from half a pair to a whole one', async () => {
		const view = inTab();
		expect(await view.judge(answer, [question], 'bad')).toBe(true);
		expect(view.of(id)?.verdict).toBe('bad');
		expect([view.pairs.length, view.unpaired.length]).toEqual([0, 1]);
		await view.edit(id, { chosen: 'Nectar.' });
		expect([view.pairs.length, view.unpaired.length]).toEqual([1, 0]);
		expect(view.bases).toMatchObject([{ engines: [{ name: 'Llama' }], pairs: 1 }]);
	});

	test('come from a rewrite whole, and are taken back', async () => {
		const view = inTab();
		await view.rewrite(answer, [question], 'Nectar.');
		expect(view.pairs).toMatchObject([{ chosen: 'Nectar.', rejected: 'Honey.' }]);
		await view.takeBack(id);
		expect([view.of(id), view.rows, view.removed]).toEqual([null, [], null]);
	});

	test('that were removed can be put back', async () => {
		const view = inTab();
		await view.rewrite(answer, [question], 'Nectar.');
		const row = view.of(id)!;
		await view.remove(row);
		expect([view.rows, view.removed]).toEqual([[], row]);
		await view.putBack();
		expect([view.rows, view.removed]).toEqual([[row], null]);
	});

	test('are the same in every tab', async () => {
		const [one, two] = [inTab(), inTab(false)];
		await two.read();
		await one.judge(answer, [question], 'good');
		await vi.waitFor(() => expect(two.of(id)?.verdict).toBe('good'));
		expect([one.writable, two.writable]).toEqual([true, false]);
	});

	test('say why they could not be written, until they are', async () => {
		const view = inTab();
		vi.spyOn(records, 'commit').mockRejectedValueOnce(new AppError('storage/quota'));
		expect(await view.judge(answer, [question], 'good')).toBe(false);
		expect(view.error?.code).toBe('storage/quota');
		expect(view.of(id)).toBeNull();
		expect(await view.judge(answer, [question], 'good')).toBe(true);
		expect(view.error).toBeNull();
	});

	test('name adapters as they are called, and those that are gone by their ids', async () => {
		const row = { id: 'abc' as AdapterId, name: 'Letters' } as AdapterRow;
		await records.commit([write.put(adapterStore, row)]);
		const view = inTab();
		await view.read();
		expect(view.adapterName(row.id)).toBe('Letters');
		expect(view.adapterName('0123456789' as AdapterId)).toBe('01234567…');
	});

	test('are written to a file with their number and size', async () => {
		const view = inTab();
		await view.rewrite(answer, [question], 'Nectar 🐝.');
		const options = { form: 'conversational', passages: false, metadata: false } as const;
		const file = view.export('pairs', all, options);
		expect(file.examples).toBe(1);
		expect(file.bytes).toBe(new Blob([file.text]).size);
		expect(JSON.parse(file.text)).toMatchObject({
			chosen: [{ role: 'assistant', content: 'Nectar 🐝.' }]
		});
		expect(view.export('pairs', { ...all, since: 6 }, options)).toEqual({
			text: '',
			examples: 0,
			bytes: 0
		});
	});

	test('of copies of the same base belong together, once that is found out', async () => {
		const view = inTab();
		const copy = { ...engineNamed('Llama-MLC') };
		const [asking, other] = turnOf(1, 'And in winter?', 'Snow.', {
			provenance: { engine: copy, extractive: false, index: null, usage: null }
		});
		await view.rewrite(answer, [question], 'Nectar.');
		await view.rewrite(other, [asking], 'Honey.');
		expect(view.bases.map(({ pairs }) => pairs)).toEqual([1, 1]);
		await view.findBases([engineNamed('Next')]);
		expect(asked.toSorted()).toEqual(['Llama', 'Llama-MLC', 'Next']);
		expect(view.bases).toMatchObject([{ base: 'llama@1', engines: { length: 2 }, pairs: 2 }]);
		const options = { form: 'plain', passages: false, metadata: false } as const;
		const own = { ...all, base: view.baseOf(copy.model) };
		expect(view.export('pairs', own, options).examples).toBe(2);
	});

	test('are written one by one too, the oldest first, each with its label', async () => {
		const view = inTab();
		await view.judge(answer, [question], 'good');
		const options = { form: 'conversational', passages: false, metadata: false } as const;
		expect(view.export('pairs', all, options).examples).toBe(0);
		const file = view.export('judgements', all, options);
		expect(JSON.parse(file.text)).toMatchObject({ label: true });
	});
});
