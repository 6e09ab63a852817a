import { beforeEach, describe, expect, test } from 'vitest';
import { adapterCheckStore, type AdapterRow } from '../adapters/adapter-records.ts';
import {
	adapterFiles,
	tinyAdapterConfig,
	tinyAdapterTensors
} from '../../../tests/fixtures/tiny-adapters/tiny-adapter.ts';
import type { BaseIdentity } from '../adapters/base-identity.ts';
import { AppError } from '../core/errors.ts';
import type { AdapterId, PlanId } from '../core/ids.ts';
import { adapterRow } from '../testing/adapter-row.ts';
import { AdaptersWorld } from '../testing/adapters-world.ts';
import { memoryModelFiles } from '../testing/memory-model-files.ts';
import { readAll } from '../testing/read-all.ts';
import { setupWith } from '../testing/setup-with.ts';
import type { Adapters } from './adapters.ts';

const bees = 'bees' as AdapterId;
const { signal } = new AbortController();
const unknownBase = { name: '', identity: null, model: null };

const nothingKnown: BaseIdentity = {
	...{ architecture: null, hiddenSize: null, layers: null, heads: null, keyValueHeads: null },
	...{ intermediateSize: null, vocabulary: null, tokenizer: null }
};

let world: AdaptersWorld;
let adapters: Adapters;

async function begin(...rows: AdapterRow[]): Promise<void> {
	world = await new AdaptersWorld().start(rows);
	adapters = world.open();
}

async function only() {
	const [adapter] = await adapters.list();
	return adapter!;
}

beforeEach(() => begin(adapterRow('bees')));

describe('the list', () => {
	test('has the newest first, and where each stands to the chat engine in use', async () => {
		await begin(
			adapterRow('old', { addedAt: 1 }),
			adapterRow('new', { addedAt: 2, base: unknownBase })
		);
		const list = await adapters.list();
		expect(list.map(({ row, state }) => [row.name, state])).toEqual([
			['new', 'needs-check'],
			['old', 'off']
		]);
		expect(list[1]).toMatchObject({ reason: 'It fits Scripted 1.', check: null, users: [] });
	});

	test('tells what needs an adapter that is on', async () => {
		await adapters.setOn(bees, true);
		expect(await only()).toMatchObject({ state: 'active', users: ['your chats'] });
	});

	test('keeps adapters whose engine is gone from this device, and says so', async () => {
		world.model = null;
		expect((await only()).state).toBe('inactive');
		expect((await only()).reason).toMatch(/^The chat engine in use is not on this device any more/);
		expect((await adapters.engine()).support).toMatchObject({ ok: false });
	});
});

test('the engine in use is told, and whether it takes adapters', async () => {
	expect(await adapters.engine()).toMatchObject({
		choice: { name: 'Scripted 1' },
		support: { ok: true }
	});
	world.support = { ok: false, reason: 'it has no weights', instead: 'Upgrade.' };
	expect((await adapters.engine()).support).toBe(world.support);
});

describe('on and off', () => {
	test('what is on is in the setup, with its strength, and stays in the list when it is off', async () => {
		await adapters.setOn(bees, true);
		expect(await world.on()).toEqual([{ adapter: bees, strength: 1 }]);
		await adapters.setOn(bees, false);
		expect(await world.on()).toEqual([]);
		expect(await only()).toMatchObject({ state: 'off', row: { wanted: false } });
	});

	test('several are on at once', async () => {
		await begin(adapterRow('bees'), adapterRow('wasps'));
		for (const { row } of await adapters.list()) await adapters.setOn(row.id, true);
		expect(await world.on()).toHaveLength(2);
	});

	test('another strength of one that is on is in the setup at once', async () => {
		await adapters.setOn(bees, true);
		await adapters.setStrength(bees, 0.35);
		expect(await world.on()).toEqual([{ adapter: bees, strength: 0.35 }]);
	});

	test('the strength of one that is off waits for it', async () => {
		await adapters.setStrength(bees, 2);
		expect(await world.on()).toEqual([]);
		await adapters.setOn(bees, true);
		expect(await world.on()).toEqual([{ adapter: bees, strength: 2 }]);
	});

	test('one that does not fit is wanted, and not on', async () => {
		world.verdict = () => ({ state: 'no', reason: 'It has other sizes.' });
		await adapters.setOn(bees, true);
		expect(await world.on()).toEqual([]);
		expect(await only()).toMatchObject({ state: 'inactive', row: { wanted: true } });
	});

	test.each([
		['on', () => adapters.setOn(bees, true)],
		['strength', () => adapters.setStrength(bees, 2)],
		['check', () => adapters.check(bees, signal)]
	])('nothing changes while an upgrade is under way: %s', async (_, change) => {
		world.upgrading = true;
		await expect(change()).rejects.toMatchObject({ code: 'adapter/upgrading' });
		expect((await only()).row).toEqual(adapterRow('bees'));
		expect(world.announced).toEqual([]);
		expect(world.tried).toEqual([]);
	});

	test('every change is told once it is stored', async () => {
		await adapters.setOn(bees, true);
		await adapters.rename(bees, 'Honey');
		expect(world.announced).toEqual(['adapters', 'adapters']);
		expect((await only()).row.name).toBe('Honey');
	});

	test('one that is gone is told as such', async () => {
		const gone = 'gone' as AdapterId;
		const missing = { code: 'adapter/missing' };
		await expect(adapters.setOn(gone, true)).rejects.toMatchObject(missing);
		await expect(adapters.rename(gone, 'x')).rejects.toMatchObject(missing);
		await expect(adapters.remove(gone)).rejects.toMatchObject(missing);
		await expect(adapters.check(gone, signal)).rejects.toMatchObject(missing);
	});
});

describe('a check', () => {
	beforeEach(() => begin(adapterRow('bees', { base: unknownBase })));

	test('is made at full strength, and what came of it is in the list', async () => {
		await adapters.setStrength(bees, 0.1);
		await adapters.check(bees, signal);
		expect(world.tried).toEqual([{ adapter: bees, strength: 1 }]);
		expect(await only()).toMatchObject({ state: 'off', check: { result: 'works', matched: 2 } });
	});

	test('turns on what was only waiting for it', async () => {
		await adapters.setOn(bees, true);
		expect(await world.on()).toEqual([]);
		await adapters.check(bees, signal);
		expect(await world.on()).toEqual([{ adapter: bees, strength: 1 }]);
		expect(world.announced.at(-1)).toBe('adapters');
	});

	test('ties an adapter of unknown base to the first model that it works with', async () => {
		const identity = { ...nothingKnown, architecture: 'llama' };
		world.identity = identity;
		world.outcome = () => ({ result: 'same' });
		await adapters.check(bees, signal);
		expect((await only()).row.base).toEqual(unknownBase);
		world.outcome = () => ({ result: 'works' });
		await adapters.check(bees, signal);
		expect((await only()).row.base).toEqual({ name: '', identity, model: 'Scripted' });
		world.identity = { ...nothingKnown, architecture: 'qwen3' };
		await adapters.check(bees, signal);
		expect((await only()).row.base.identity).toEqual(identity);
	});

	test('settles what the user has guessed, with the first model that it works with', async () => {
		const identity = { ...nothingKnown, architecture: 'llama' };
		const guess = { name: 'my/run', identity: nothingKnown, model: 'Guess', guessed: true };
		await begin(adapterRow('bees', { base: guess }));
		world.identity = identity;
		world.outcome = () => ({ result: 'same' });
		await adapters.check(bees, signal);
		expect((await only()).row.base).toEqual(guess);
		world.outcome = () => ({ result: 'works' });
		await adapters.check(bees, signal);
		expect((await only()).row.base).toEqual({ name: 'my/run', identity, model: 'Scripted' });
	});

	test('that fails turns off what was on', async () => {
		await adapters.check(bees, signal);
		await adapters.setOn(bees, true);
		world.outcome = () => ({ result: 'failed', reason: 'It has other sizes.' });
		expect(await adapters.check(bees, signal)).toMatchObject({ result: 'failed' });
		expect(await world.on()).toEqual([]);
		expect((await only()).reason).toContain('It has other sizes. It is kept');
	});
});

describe('removing', () => {
	test('takes an adapter that nothing needs, with its checks', async () => {
		await adapters.check(bees, signal);
		await adapters.remove(bees);
		expect(await adapters.list()).toEqual([]);
		expect(await world.records.list(adapterCheckStore)).toEqual([]);
	});

	test('is refused for one that is on, and it stays on', async () => {
		await adapters.setOn(bees, true);
		const refused = adapters.remove(bees);
		await expect(refused).rejects.toMatchObject({ code: 'adapter/in-use' });
		await expect(refused).rejects.toThrow('The adapter "bees" is needed: your chats.');
		expect(await world.on()).toHaveLength(1);
	});

	test('is refused for one that an undo would bring back', async () => {
		await adapters.setOn(bees, true);
		const { current: from } = (await world.setup.read())!;
		const to = setupWith('2', '1');
		await world.setup.startTrial({ from, to, planId: 'plan' as PlanId, keepUntil: 9000 });
		await expect(adapters.remove(bees)).rejects.toThrow(
			'needed: the way back from the upgrade on trial.'
		);
	});
});

test('its files come back as they were added', async () => {
	const files = adapterFiles(tinyAdapterConfig(), tinyAdapterTensors());
	const about = { name: 'Tiny', source: 'a test', base: null };
	const { id } = await world.store.add(memoryModelFiles(files), about, signal);
	for (const [path, bytes] of files) {
		expect(await readAll((await adapters.file(id, path)).body)).toEqual(bytes);
	}
});

test('a comparison asks the engine in use, with these adapters, and turns nothing on', async () => {
	world.events = [{ type: 'text', side: 'base', text: 'Hi.' }];
	const uses = [{ adapter: bees, strength: 0.5 }];
	expect(await Array.fromAsync(adapters.tryBeside('Hello?', uses, signal))).toEqual(world.events);
	expect(world.compared).toEqual([{ spec: world.model, prompt: 'Hello?', adapters: uses }]);
	expect(await world.on()).toEqual([]);
	world.events = [new AppError('engine/device-lost')];
	await expect(Array.fromAsync(adapters.tryBeside('Hello?', uses, signal))).rejects.toMatchObject({
		code: 'engine/device-lost'
	});
});
