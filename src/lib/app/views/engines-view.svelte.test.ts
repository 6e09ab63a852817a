import { beforeEach, describe, expect, test } from 'vitest';
import { AppError } from '../../core/errors.ts';
import type { ModelId } from '../../core/ids.ts';
import { nextTask } from '../../core/next-task.ts';
import type { Setup } from '../../core/setup.ts';
import type { ModelListing, ModelState } from '../../library/library-api.ts';
import { SetupRepository } from '../../migration/setup-repository.ts';
import { FakeModelLibrary } from '../../testing/fake-model-library.ts';
import { frozenModelOf, listingOf } from '../../testing/listing-of.ts';
import { ManualClock } from '../../testing/manual-clock.ts';
import { MemoryLocks } from '../../testing/memory-locks.ts';
import { MemoryRecordStore } from '../../testing/memory-record-store.ts';
import { MemoryTabHub } from '../../testing/memory-tab-channel.ts';
import { setupWith } from '../../testing/setup-with.ts';
import type { AppMessage } from '../app-message.ts';
import { ChangeFeed } from '../change-feed.ts';
import { EnginesView } from './engines-view.svelte.ts';
import { OfferedModels } from './offered-models.svelte.ts';

const offered = listingOf('Tiny BERT');
const bert: ModelListing = { ...offered, frozen: frozenModelOf(offered) };
const model = bert.id;
const installed: ModelState = { at: 'installed', bytes: 9, installedAt: 1, verifiedAt: 1 };

let library: FakeModelLibrary;
let setup: SetupRepository;
let feed: ChangeFeed;
let next: Setup | null;
let engines: EnginesView;

beforeEach(() => {
	library = new FakeModelLibrary();
	library.models = [bert];
	setup = new SetupRepository(new MemoryRecordStore(), new ManualClock(), new MemoryLocks());
	feed = new ChangeFeed(new MemoryTabHub<AppMessage>().join());
	next = null;
	const estimate = async () => ({ usage: 5, quota: 12, persisted: true });
	const offers = new OfferedModels({
		...{ library, feed, estimate, engineKinds: ['transformers'] },
		probe: async () => ({
			gpu: null,
			wasmThreads: 1,
			crossOriginIsolated: false,
			memoryGb: 4
		}),
		fit: async () => (subject) =>
			subject.dtype === 'q4f16'
				? { verdict: 'fits', reason: 'It is small.' }
				: { verdict: 'wont-fit', reason: 'It is too large.' }
	});
	engines = new EnginesView({
		...{ offers, library, setup, feed, estimate },
		upgradingTo: () => next,
		engineKinds: ['transformers'],
		meter: {
			measure: () => Promise.reject(new AppError('cancelled')),
			latest: async () => new Map()
		}
	});
});

const states = (): string[] => engines.listings.map(({ state }) => state.at);

describe('reading', () => {
	test('knows whether there is an engine for a model', () => {
		expect(engines.canRun(bert)).toBe(true);
		expect(engines.canRun(listingOf('Other', { entry: { engine: 'webllm' } }))).toBe(false);
	});

	test('shows what passes the filter', async () => {
		const large = listingOf('Large', { entry: { dtype: 'fp32' } });
		library.models = [bert, large];
		await engines.refresh();
		expect(engines.shown).toHaveLength(2);
		engines.filter = { ...engines.filter, where: 'fits' };
		expect(engines.shown).toEqual([bert]);
		engines.filter = { ...engines.filter, where: 'all', text: 'large' };
		expect(engines.shown).toEqual([large]);
	});

	test('tells the order of the queue', async () => {
		const waiting = (name: string, place: number): ModelListing =>
			listingOf(name, {
				state: { at: 'queued', done: 0, total: 9, waitsFor: 'turn', place }
			});
		const [second, first] = [waiting('Second', 7), waiting('First', 3)];
		library.models = [bert, second, first];
		await engines.refresh();
		expect(engines.queue).toEqual([first.id, second.id]);
	});

	test('says why it failed, and reads again when asked', async () => {
		library.failing = new AppError('wire/worker-died');
		await engines.refresh();
		expect(engines.notices.error?.code).toBe('wire/worker-died');
		library.failing = null;
		await engines.refresh();
		expect(states()).toEqual(['available']);
	});
});

describe('an action', () => {
	test.each([
		['install', `install ${model}`, /^Tiny BERT is downloaded and verified\./],
		['verify', `verify ${model}`, /^Tiny BERT: Every byte is as its publisher made it\.$/],
		['remove', `remove ${model}, used by nobody`, /^Tiny BERT is deleted: 2\.0 MB freed\.$/],
		['pause', `pause ${model}`, /^$/]
	] as const)('%s does what it says, and tells it of which model', async (action, told, notice) => {
		await engines.refresh();
		await engines[action](model);
		expect(library.told).toEqual([told]);
		expect(engines.notices.notice ?? '').toMatch(notice);
	});

	test('reads the list anew afterwards, in every tab', async () => {
		let heard = 0;
		feed.on('library', () => heard++);
		await engines.install(model);
		await nextTask();
		expect([library.reads, heard]).toEqual([1, 1]);
	});

	test('changes the order of the queue', async () => {
		await engines.move(model, 'later');
		expect(library.told).toEqual([`move ${model} later`]);
	});

	test('asks for updates once at a time, and tells what came of it', async () => {
		library.updates = 1;
		await Promise.all([engines.checkForUpdates(), engines.checkForUpdates()]);
		expect(library.told).toEqual(['check for updates']);
		expect(engines.notices.notice).toMatch(/^1 model has a newer revision/);
		expect(engines.checking).toBe(false);
	});

	test('goes on with the files that it was given', async () => {
		const file = new File(['x'], 'config.json');
		await engines.giveFiles(model, [{ path: 'config.json', file }]);
		expect(library.told).toEqual([`files for ${model}: config.json`, `install ${model}`]);
	});

	test('does not go on with files that are not the right ones', async () => {
		library.failing = new AppError('add/files-needed', { details: { name: 'Tiny BERT' } });
		await engines.giveFiles(model, []);
		expect(library.told).toHaveLength(1);
		expect(engines.notices.error?.code).toBe('add/files-needed');
	});

	test('says why it failed; what the user paused is no failure', async () => {
		await engines.refresh();
		library.failing = new AppError('download/offline');
		await engines.install(model);
		expect(engines.notices.error?.message).toMatch(/^Tiny BERT: /);
		expect(engines.notices.notice).toBeNull();
		library.failing = new AppError('cancelled');
		await engines.install(model);
		expect(engines.notices.error).toBeNull();
	});

	test('a download that another tab has taken over is no failure', async () => {
		await engines.refresh();
		library.install = () => Promise.reject(new AppError('tab/leader-changed'));
		await engines.install(model);
		expect(engines.notices.error).toBeNull();
		expect(engines.notices.notice).toBe('The download of Tiny BERT goes on in the other tab.');
	});
});

describe('the first download', () => {
	test('says whether the browser keeps it', async () => {
		await engines.refresh();
		await engines.install(model);
		expect(engines.notices.notice).toContain('The browser keeps');
	});

	test('no later one does', async () => {
		library.models = [{ ...bert, state: installed }];
		await engines.refresh();
		await engines.install(model);
		expect(engines.notices.notice).toBe('Tiny BERT is downloaded and verified.');
	});
});

describe('a download', () => {
	const unknown = listingOf('From a branch', { entry: { integrity: 'publisher' } });
	const pinned = {
		...frozenModelOf(unknown),
		spec: { ...frozenModelOf(unknown).spec, id: 'from-a-branch@fedcba987654' as ModelId }
	};

	test('begins at once where the catalog knows every byte', async () => {
		await engines.download(bert);
		expect(library.told).toEqual([`install ${model}`]);
		expect(engines.review).toBeNull();
	});

	test('is up for review where only the publisher knows the files', async () => {
		library.frozen = pinned;
		await engines.download(unknown);
		expect(library.told).toEqual([`freeze ${unknown.id}`]);
		expect(engines.review).toBe(pinned);
		await engines.acceptReview();
		expect(library.told.at(-1)).toBe('install from-a-branch@fedcba987654');
		expect(engines.review).toBeNull();
	});

	test('asks the publisher no second time, and downloads nothing that was declined', async () => {
		await engines.download({ ...unknown, frozen: pinned });
		expect(engines.review).toBe(pinned);
		engines.declineReview();
		expect(engines.review).toBeNull();
		expect(library.told).toEqual([]);
	});

	test('tells whose publisher is being asked, and asks once', async () => {
		const { promise, resolve } = Promise.withResolvers<null>();
		library.hold = promise;
		library.frozen = pinned;
		const first = engines.download(unknown);
		await engines.download(unknown);
		expect(engines.freezing).toBe(unknown.id);
		resolve(null);
		await first;
		expect([engines.freezing, library.told.length]).toEqual([null, 1]);
	});

	test('is not up for review when the publisher could not be asked', async () => {
		library.failing = new AppError('download/offline');
		await engines.download(unknown);
		expect(engines.review).toBeNull();
		expect(engines.notices.error?.message).toMatch(/^From a branch: /);
	});
});

describe('before a model is deleted, the library hears who needs it', () => {
	const scripted = 'scripted' as ModelId;

	test('the setup in use', async () => {
		await setup.initialise(setupWith('1', '1'));
		await engines.remove(scripted);
		expect(library.told).toEqual(['remove scripted, used by your chats and your documents']);
	});

	test('an upgrade under way', async () => {
		const { chat } = setupWith('1', '1');
		await setup.initialise(setupWith('1', '1'));
		next = { ...setupWith('1', '1'), chat: { ...chat, model } };
		await engines.remove(model);
		expect(library.told).toEqual([`remove ${model}, used by the upgrade that is under way`]);
	});
});
