import { beforeEach, describe, expect, test } from 'vitest';
import { adapterStore, type AdapterRow } from '../adapters/adapter-records.ts';
import type { AdapterVerdict } from '../adapters/adapter-verdict.ts';
import { AppError } from '../core/errors.ts';
import type { AdapterUse } from '../core/setup.ts';
import { write } from '../ports/store-write.ts';
import { adapterRowOf } from '../testing/adapter-row-of.ts';
import { MigrationWorld, models, type Tab } from '../testing/migration-world.ts';
import { AdapterKeeper } from './adapter-keeper.ts';
import { adapterNotice } from './adapter-notice.ts';

const lawyer = adapterRowOf('lawyer', { strength: 0.5 });
const pirate = adapterRowOf('pirate');

let world: MigrationWorld;
let tab: Tab;
/** By adapter and model; what is not named does not fit. */
let verdicts: Record<string, AdapterVerdict['state']>;
let gone: string[];
let beforeVerdict: () => Promise<unknown>;
let keeper: AdapterKeeper;

beforeEach(async () => {
	world = await MigrationWorld.create();
	await world.disk.commit([write.put(adapterStore, lawyer), write.put(adapterStore, pirate)]);
	tab = world.open();
	verdicts = { 'lawyer old': 'fits', 'pirate old': 'fits' };
	gone = [];
	beforeVerdict = () => Promise.resolve();
	keeper = keeperOf(tab);
});

function keeperOf({ setup, journal }: Tab): AdapterKeeper {
	return new AdapterKeeper({
		...{ records: world.disk, setup, journal },
		spec: async ({ model }) => {
			if (gone.includes(model)) throw new AppError('library/not-installed', { details: { model } });
			return model === models.old.id ? models.old : models.new;
		},
		verdictOf: async ({ name }, { id }) => {
			await beforeVerdict();
			const state = verdicts[`${name} ${id}`] ?? 'no';
			return { state, reason: `${name} and ${id}: ${state}.` };
		}
	});
}

async function on(): Promise<readonly AdapterUse[]> {
	return (await world.record()).current.adapters;
}

const useOf = ({ id, strength }: AdapterRow): AdapterUse => ({ adapter: id, strength });

function change(row: AdapterRow, parts: Partial<AdapterRow>): Promise<void> {
	return world.disk.commit([write.put(adapterStore, { ...row, ...parts })]);
}

/** A plan of another chat engine, made now. */
async function planned(parts: Parameters<MigrationWorld['plan']>[0] = {}) {
	const { current: setup } = await world.record();
	const choice = { chat: models.new.id, embedding: null };
	return world.plan({ setup, choice, newIndexId: null, ...parts });
}

describe('what is on', () => {
	test('is what is wanted and fits, with its strength, and that is told', async () => {
		verdicts['pirate old'] = 'needs-check';
		expect(await keeper.bringInLine()).toEqual([
			{ name: 'lawyer', on: true, reason: 'lawyer and old: fits.' }
		]);
		expect(await on()).toEqual([useOf(lawyer)]);
	});

	test('follows the wish and the strength', async () => {
		await keeper.bringInLine();
		await change(lawyer, { strength: 2 });
		await change(pirate, { wanted: false });
		expect(await keeper.bringInLine()).toMatchObject([{ name: 'pirate', on: false }]);
		expect(await on()).toEqual([{ ...useOf(lawyer), strength: 2 }]);
	});

	test('is no adapter that is missing, or turned out not to fit', async () => {
		await keeper.bringInLine();
		await world.disk.commit([write.delete(adapterStore, pirate.id)]);
		verdicts['lawyer old'] = 'no';
		await keeper.bringInLine();
		expect(await on()).toEqual([]);
	});

	test('takes one write, and none where it is in line', async () => {
		const { sequence } = await world.record();
		await keeper.bringInLine();
		expect((await world.record()).sequence).toBe(sequence + 1);
		const { commits } = world.disk;
		expect(await keeper.bringInLine()).toEqual([]);
		expect(world.disk.commits).toBe(commits);
	});

	test('stays where the model of the chat engine is gone: nobody can tell', async () => {
		await keeper.bringInLine();
		gone = [models.old.id];
		verdicts = {};
		expect(await keeper.bringInLine()).toEqual([]);
		expect(await on()).toHaveLength(2);
	});

	test('is judged anew where another write of the setup came in between', async () => {
		let written = false;
		beforeVerdict = async () => {
			if (written) return;
			written = true;
			const { sequence, current } = await world.record();
			await tab.setup.replace(sequence, { ...current, index: world.newIndex });
		};
		await keeper.bringInLine();
		expect((await world.record()).current).toMatchObject({
			index: world.newIndex,
			adapters: [useOf(lawyer), useOf(pirate)]
		});
	});

	test('is not changed any more by who has given up', async () => {
		await expect(keeper.bringInLine(AbortSignal.abort())).rejects.toMatchObject({
			code: 'cancelled'
		});
		expect(await on()).toEqual([]);
	});
});

describe('an upgrade', () => {
	test('finds the adapters that it was planned with: they stay until the switch', async () => {
		await keeper.bringInLine();
		const plan = await planned();
		let told: unknown;
		world.beforeInstall = async () => {
			await change(pirate, { wanted: false });
			told = await keeper.bringInLine();
		};
		expect(await tab.controller.start(plan)).toEqual({ type: 'waiting', for: 'keep-or-undo' });
		expect(told).toEqual([]);
		expect((await world.record()).trial?.previous.adapters).toHaveLength(2);
	});

	test('leaves on trial what fits the new engine; an undo brings all back, and that is told', async () => {
		await keeper.bringInLine();
		await tab.controller.start(await planned());
		verdicts['pirate new'] = 'fits';
		const { trial, current } = await world.record();
		expect(await keeper.bringInLine(undefined, trial!.previous)).toMatchObject([
			{ name: 'lawyer', on: false }
		]);
		expect(await on()).toEqual([useOf(pirate)]);
		expect((await world.record()).trial).toEqual(trial);

		await tab.controller.undo();
		expect(await keeper.bringInLine(undefined, { ...current, adapters: await on() })).toEqual([]);
		expect(await on()).toEqual([useOf(lawyer), useOf(pirate)]);
	});

	test('that goes back holds nothing any more', async () => {
		world.bench.follow({
			before: ({ method }) => {
				if (method === 'generate') throw new AppError('engine/generate-failed');
			}
		});
		await tab.controller.start(await planned());
		await keeper.bringInLine();
		expect(await on()).toHaveLength(2);
	});

	test('back to their base turns them on by itself', async () => {
		const { sequence, current } = await world.record();
		const elsewhere = { ...current, chat: { ...current.chat, model: models.new.id } };
		await tab.setup.replace(sequence, elsewhere);
		await keeper.bringInLine();
		expect(await on()).toEqual([]);
		const back = { chat: models.old.id, embedding: null };
		await tab.controller.start(await planned({ choice: back }));
		const changes = await keeper.bringInLine(undefined, elsewhere);
		expect(adapterNotice(changes)).toBe('The adapters “lawyer” and “pirate” are on again.');
	});
});
