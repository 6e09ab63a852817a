import { beforeEach, expect, test } from 'vitest';
import { AppError } from '../../core/errors.ts';
import type { FitDevice } from '../../engines/fit-contract.ts';
import type { ModelListing, ModelState } from '../../library/library-api.ts';
import { FakeModelLibrary } from '../../testing/fake-model-library.ts';
import { frozenModelOf, listingOf } from '../../testing/listing-of.ts';
import { MemoryTabHub } from '../../testing/memory-tab-channel.ts';
import type { AppMessage } from '../app-message.ts';
import { ChangeFeed } from '../change-feed.ts';
import { OfferedModels } from './offered-models.svelte.ts';

const offered = listingOf('Tiny BERT');
const bert: ModelListing = { ...offered, frozen: frozenModelOf(offered) };
const installed: ModelState = { at: 'installed', bytes: 9, installedAt: 1, verifiedAt: 1 };

let library: FakeModelLibrary;
let feed: ChangeFeed;
let devices: FitDevice[];
/** Why each read failed; null for those that did not. */
let reads: unknown[];
let offers: OfferedModels;

beforeEach(() => {
	library = new FakeModelLibrary();
	library.models = [bert];
	feed = new ChangeFeed(new MemoryTabHub<AppMessage>().join());
	devices = [];
	reads = [];
	offers = new OfferedModels({
		...{ library, feed, engineKinds: ['transformers'] },
		estimate: async () => ({ usage: 5, quota: 12, persisted: true }),
		probe: async () => ({
			...{ gpu: null, wasmThreads: 1, crossOriginIsolated: false, memoryGb: 4 }
		}),
		fit: async () => (_subject, device) => {
			devices.push(device);
			return { verdict: 'fits', reason: 'It is small.' };
		}
	});
	offers.onRead(async (problem) => void reads.push(problem));
});

const states = (): string[] => offers.listings.map(({ state }) => state.at);

test('shows the models, the space, and what fits this device', async () => {
	expect(offers.fitOf(bert)).toBeNull();
	await offers.refresh();
	expect(states()).toEqual(['available']);
	expect(offers.storage).toEqual({ usage: 5, quota: 12, persisted: true });
	expect(offers.fitOf(bert)?.verdict).toBe('fits');
	expect(
		devices.map(({ freeBytes, profile, engines }) => [freeBytes, profile?.memoryGb, engines])
	).toEqual([[7, 4, ['transformers']]]);
});

test('follows the library, and what other tabs do', async () => {
	library.models = [{ ...bert, state: { at: 'verifying', done: 1, total: 9 } }];
	library.changed(bert.id);
	await expect.poll(states).toEqual(['verifying']);
	library.models = [{ ...bert, state: installed }];
	feed.announce('library');
	await expect.poll(states).toEqual(['installed']);
});

test('many wishes during one read are one more read, which sees the last state', async () => {
	const { promise, resolve } = Promise.withResolvers<null>();
	library.hold = promise;
	const first = offers.refresh();
	library.models = [{ ...bert, state: installed }];
	for (let i = 0; i < 10; i++) library.changed(bert.id);
	resolve(null);
	await first;
	expect(states()).toEqual(['installed']);
	expect([library.reads, reads]).toEqual([2, [null, null]]);
});

test.each(['cancelled', 'tab/leader-changed'] as const)(
	'reads again when the library was ended meanwhile: %s',
	async (why) => {
		const { promise, reject } = Promise.withResolvers<null>();
		library.hold = promise;
		const done = offers.refresh();
		library.hold = Promise.resolve();
		reject(new AppError(why));
		await done;
		expect(states()).toEqual(['available']);
		expect(reads).toEqual([null]);
	}
);

test('tells why it failed, keeps what it knew, and reads again when asked', async () => {
	await offers.refresh();
	library.failing = new AppError('wire/worker-died');
	await offers.refresh();
	expect(reads).toEqual([null, library.failing]);
	expect(states()).toEqual(['available']);
	library.failing = null;
	library.models = [{ ...bert, state: installed }];
	await offers.refresh();
	expect(states()).toEqual(['installed']);
});
