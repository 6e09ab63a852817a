import { beforeEach, describe, expect, test } from 'vitest';
import { AppError } from '../../core/errors.ts';
import type { ModelId } from '../../core/ids.ts';
import {
	adapterProposal,
	FakeAdapterImporter,
	foundAdapter
} from '../../testing/fake-adapter-importer.ts';
import { MemoryConnectivity } from '../../testing/memory-connectivity.ts';
import { AddAdapterView } from './add-adapter-view.svelte.ts';

let importer: FakeAdapterImporter;
let allowed: string[];
let network: MemoryConnectivity;
let view: AddAdapterView;

beforeEach(() => {
	importer = new FakeAdapterImporter();
	allowed = [];
	network = new MemoryConnectivity();
	view = new AddAdapterView({
		importer: () => Promise.resolve(importer),
		network,
		mayContact: (origin) => allowed.includes(origin) || origin === 'https://huggingface.co',
		allowHost: (origin) => Promise.resolve(void allowed.push(origin))
	});
});

const lookAt = async (address: string): Promise<void> => {
	view.address = address;
	await view.look();
};
const damaged = new AppError('adapter/unreadable', {
	details: { file: 'adapter_model.safetensors', reason: 'it is cut short' }
});

describe('an adapter that was found', () => {
	test('is read, and proposed as it was found', async () => {
		await lookAt(' acme/pirate ');
		expect(importer.asked).toEqual(['find acme/pirate', 'inspect pirate']);
		expect(view.proposal).toBe(importer.proposal);
		expect([view.name, view.base]).toEqual(['pirate', 'tiny-llama@test-1']);
		expect([view.working, view.error, view.choices]).toEqual([null, null, []]);
	});

	test('is added under the name and for the model that the user chose', async () => {
		await lookAt('acme/pirate');
		view.name = ' Jack ';
		view.base = null;
		expect(await view.add()).toMatchObject({ name: 'Jack' });
		expect(importer.asked.at(-1)).toBe('add Jack for no model');
		expect(view.notice).toBe('“Jack” is added.');
		expect([view.proposal, view.address]).toEqual([null, '']);
	});

	test('keeps the proposed name where the user leaves none', async () => {
		await lookAt('acme/pirate');
		view.name = '  ';
		await view.add();
		expect(importer.asked.at(-1)).toBe('add pirate for tiny-llama@test-1');
	});

	test('stays on the page when it cannot be added', async () => {
		await lookAt('acme/pirate');
		importer.failing = new AppError('adapter/duplicate', { details: { name: 'pirate' } });
		expect(await view.add()).toBeNull();
		expect(view.error?.message).toBe('The adapter "pirate" is here already.');
		expect(view.proposal).not.toBeNull();
		importer.failing = null;
		expect(await view.add()).not.toBeNull();
	});

	test('can be put back', async () => {
		await lookAt('acme/pirate');
		view.back();
		expect([view.proposal, view.choices, view.address]).toEqual([null, [], 'acme/pirate']);
	});

	test('of this machine is told with its folder', async () => {
		await view.take([{ path: 'a/b.json', file: new File([], 'b.json') }], 'runs');
		expect(importer.asked[0]).toBe('find a/b.json of runs');
		expect(view.proposal).not.toBeNull();
	});
});

describe('of several', () => {
	beforeEach(async () => {
		importer.found = ['checkpoint-1', 'checkpoint-2'].map(foundAdapter);
		await lookAt('acme/pirate');
	});

	test('none is read before the user has chosen', () => {
		expect(importer.asked).toEqual(['find acme/pirate']);
		expect(view.choices.map(({ folder }) => folder)).toEqual(['checkpoint-1', 'checkpoint-2']);
		expect(view.proposal).toBeNull();
	});

	test('the chosen one is read', async () => {
		await view.choose(view.choices[1]!);
		expect(importer.asked.at(-1)).toBe('inspect checkpoint-2');
		expect(view.proposal).not.toBeNull();
		expect(view.choices).toEqual([]);
	});

	test('another can be chosen after one was reviewed', async () => {
		await view.choose(view.choices[1]!);
		view.back();
		expect(view.proposal).toBeNull();
		expect(view.choices).toHaveLength(2);
	});

	test('another can be chosen where one cannot be read', async () => {
		importer.failing = damaged;
		await view.choose(view.choices[0]!);
		expect(view.error?.message).toContain('it is cut short');
		expect(view.choices).toHaveLength(2);
	});
});

test('there is nothing to add before something was found', async () => {
	expect(await view.add()).toBeNull();
	expect(importer.asked).toEqual([]);
});

test('what was found before is forgotten by the next look, also when that fails', async () => {
	await lookAt('acme/pirate');
	importer.failing = damaged;
	await lookAt('acme/other');
	expect(view.proposal).toBeNull();
	expect(view.error?.advice).toContain('nothing was added');
});

describe('while it is read', () => {
	test('its progress is told, and nothing else is begun', async () => {
		const held = Promise.withResolvers<undefined>();
		const found = view.take([], null);
		await found;
		importer.hold = held.promise;
		const reading = view.choose(foundAdapter());
		await expect
			.poll(() => view.working)
			.toMatchObject({ step: 'reading', share: 0.25, bytes: 1750 });
		await lookAt('acme/other');
		expect(importer.asked).not.toContain('find acme/other');
		held.resolve(undefined);
		await reading;
		expect(view.working).toBeNull();
	});

	test('it can be stopped, without an error and with the address kept', async () => {
		importer.hold = new Promise(() => undefined);
		const looking = lookAt('acme/pirate');
		await expect.poll(() => importer.asked).toEqual(['find acme/pirate']);
		view.stop();
		await looking;
		expect([view.working, view.error, view.proposal]).toEqual([null, null, null]);
		expect(view.address).toBe('acme/pirate');
	});
});

describe('a read that was interrupted', () => {
	const offline = new AppError('download/offline');
	beforeEach(async () => {
		importer.onlyInspects = true;
		importer.failing = offline;
		await lookAt('acme/pirate');
		importer.failing = null;
	});

	test('is told with what has come, and gone on with', async () => {
		expect(view.error?.message).toBe('The model host could not be reached.');
		expect(view.interrupted).toMatchObject({ bytes: 1750, total: 7000 });
		await view.goOn();
		expect(importer.asked).toEqual(['find acme/pirate', 'inspect pirate', 'inspect pirate']);
		expect([view.interrupted, view.error]).toEqual([null, null]);
		expect(view.proposal).toBe(importer.proposal);
	});

	test('outlives the dialog, but not that it is cancelled', () => {
		view.stop();
		view.forget();
		expect(view.interrupted).not.toBeNull();
		view.cancel();
		expect(view.interrupted).toBeNull();
		expect(view.address).toBe('acme/pirate');
	});

	test('says so where it had to be begun anew', async () => {
		importer.heard = [0, 500];
		const held = Promise.withResolvers<undefined>();
		importer.hold = held.promise;
		const reading = view.goOn();
		await expect.poll(() => view.working).toMatchObject({ bytes: 500, anew: true });
		expect(view.interrupted).toBeNull();
		held.resolve(undefined);
		await reading;
	});

	test('is not said to be begun anew where it goes on', async () => {
		importer.heard = [1750, 2000];
		importer.hold = new Promise(() => undefined);
		const reading = view.goOn();
		await expect.poll(() => view.working).toMatchObject({ bytes: 2000, anew: false });
		view.stop();
		await reading;
		expect(view.interrupted).toMatchObject({ bytes: 2000 });
	});

	test('keeps what has come for another look at the same address', async () => {
		await lookAt('acme/pirate');
		expect(importer.asked).not.toContain('forget');
	});

	test.each<[string, () => unknown]>([
		['another address is looked at', () => lookAt('acme/other')],
		['files are taken', () => view.take([], null)],
		['it is cancelled', () => view.cancel()]
	])('leaves nothing behind when %s', async (_, what) => {
		await what();
		await expect.poll(() => importer.asked).toContain('forget');
		expect(view.interrupted).toBeNull();
	});
});

test('what was stopped can be gone on with, and what was cancelled cannot', async () => {
	for (const [end, bytes] of [
		[view.stop, 1750],
		[view.cancel, undefined]
	] as const) {
		importer.onlyInspects = true;
		importer.hold = new Promise(() => undefined);
		const looking = lookAt('acme/pirate');
		await expect.poll(() => view.working?.bytes).toBe(1750);
		end();
		await looking;
		expect(view.interrupted?.bytes).toBe(bytes);
	}
});

test('what cannot be used is not gone on with', async () => {
	importer.onlyInspects = true;
	for (const failure of [damaged, new AppError('download/too-large'), new AppError('hub/gated')]) {
		importer.failing = failure;
		await lookAt('acme/pirate');
		expect(view.interrupted).toBeNull();
	}
});

describe('without a network', () => {
	test('what lies elsewhere waits, and says so', async () => {
		importer.hold = new Promise(() => undefined);
		const looking = lookAt('acme/pirate');
		await expect.poll(() => view.working).toMatchObject({ waits: false });
		network.setOnline(false);
		expect(view.working).toMatchObject({ waits: true });
		network.setOnline(true);
		expect(view.working).toMatchObject({ waits: false });
		view.stop();
		await looking;
	});

	test('what is on this device does not wait', async () => {
		network.setOnline(false);
		importer.hold = new Promise(() => undefined);
		const taking = view.take([], null);
		await expect.poll(() => view.working).toMatchObject({ waits: false });
		view.stop();
		await taking;
	});
});

describe('a host that SAM has never talked to', () => {
	const address = 'https://models.example/pirate/';

	test('is asked only when the user agrees', async () => {
		await lookAt(address);
		expect([view.toContact, importer.asked]).toEqual(['https://models.example', []]);
		await view.contact();
		expect(allowed).toEqual(['https://models.example']);
		expect(importer.asked[0]).toBe(`find ${address}`);
		expect(view.toContact).toBeNull();
	});

	test('is not asked when the user declines', async () => {
		await lookAt(address);
		view.declineContact();
		expect([view.toContact, importer.asked]).toEqual([null, []]);
	});

	test('is known when it is the hub', async () => {
		await lookAt('https://huggingface.co/acme/pirate');
		expect(importer.asked).toHaveLength(2);
	});
});

test('what is forgotten leaves the address', async () => {
	await lookAt('acme/pirate');
	view.forget();
	expect([view.proposal, view.address]).toEqual([null, 'acme/pirate']);
});

test('a proposal without a model that fits ties it to none', async () => {
	importer.proposal = adapterProposal({ base: null, models: [] });
	await lookAt('acme/pirate');
	view.base = 'gone' as ModelId;
	await lookAt('acme/pirate');
	expect(view.base).toBeNull();
});
