import { beforeEach, describe, expect, test } from 'vitest';
import { AppError } from '../../core/errors.ts';
import type { ModelId } from '../../core/ids.ts';
import type { Setup } from '../../core/setup.ts';
import type { ModelListing } from '../../library/library-api.ts';
import { SetupRepository } from '../../migration/setup-repository.ts';
import { ManualClock } from '../../testing/manual-clock.ts';
import { MemoryLocks } from '../../testing/memory-locks.ts';
import { MemoryRecordStore } from '../../testing/memory-record-store.ts';
import { MemoryTabHub } from '../../testing/memory-tab-channel.ts';
import { nextTask } from '../../testing/next-task.ts';
import { setupWith } from '../../testing/setup-with.ts';
import type { AppMessage } from '../app-message.ts';
import { ChangeFeed } from '../change-feed.ts';
import { EnginesView } from './engines-view.svelte.ts';

const model = 'm' as ModelId;

/** A library whose listings are just its states' names. */
class FakeLibrary {
	state = 'available';
	reads = 0;
	failing: AppError | null = null;
	/** What it was told, such as `remove m, used by your chats`. */
	readonly told: string[] = [];
	repaired = 0;
	/** Awaited in each read. */
	hold: Promise<unknown> = Promise.resolve();
	changed: (model: ModelId) => void = () => undefined;

	async listings(): Promise<ModelListing[]> {
		this.reads++;
		const seen = this.state;
		await this.hold;
		if (this.failing) throw this.failing;
		return [{ state: { at: seen } } as ModelListing];
	}

	install(id: ModelId): Promise<void> {
		return this.#tell(`install ${id}`);
	}

	pause(id: ModelId): Promise<void> {
		return this.#tell(`pause ${id}`);
	}

	async verify(id: ModelId): Promise<number> {
		await this.#tell(`verify ${id}`);
		return this.repaired;
	}

	async remove(id: ModelId, usedBy: readonly string[]): Promise<number> {
		await this.#tell(`remove ${id}, used by ${usedBy.join(' and ') || 'nobody'}`);
		return 2_000_000;
	}

	onChange(listener: (model: ModelId) => void): () => void {
		this.changed = listener;
		return () => undefined;
	}

	async #tell(what: string): Promise<void> {
		this.told.push(what);
		if (this.failing) throw this.failing;
		return Promise.resolve();
	}
}

let library: FakeLibrary;
let setup: SetupRepository;
let feed: ChangeFeed;
let next: Setup | null;
let engines: EnginesView;

beforeEach(() => {
	library = new FakeLibrary();
	setup = new SetupRepository(new MemoryRecordStore(), new ManualClock(), new MemoryLocks());
	feed = new ChangeFeed(new MemoryTabHub<AppMessage>().join());
	next = null;
	engines = new EnginesView({
		library,
		setup,
		feed,
		estimate: async () => ({ usage: 5, quota: 10, persisted: true }),
		upgradingTo: () => next
	});
});

const states = (): string[] => engines.listings.map(({ state }) => state.at);

describe('reading', () => {
	test('shows the models and the space', async () => {
		await engines.refresh();
		expect(states()).toEqual(['available']);
		expect(engines.storage).toEqual({ usage: 5, quota: 10, persisted: true });
	});

	test('follows the library, and what other tabs do', async () => {
		library.state = 'downloading';
		library.changed(model);
		await expect.poll(states).toEqual(['downloading']);
		library.state = 'installed';
		feed.announce('library');
		await expect.poll(states).toEqual(['installed']);
	});

	test('many wishes during one read are one more read, which sees the last state', async () => {
		const { promise, resolve } = Promise.withResolvers<null>();
		library.hold = promise;
		const first = engines.refresh();
		library.state = 'installed';
		for (let i = 0; i < 10; i++) library.changed(model);
		resolve(null);
		await first;
		expect(states()).toEqual(['installed']);
		expect(library.reads).toBe(2);
	});

	test('says why it failed, and reads again when asked', async () => {
		library.failing = new AppError('wire/worker-died');
		await engines.refresh();
		expect(engines.error?.code).toBe('wire/worker-died');
		library.failing = null;
		await engines.refresh();
		expect(states()).toEqual(['available']);
		engines.dismissError();
		expect(engines.error).toBeNull();
	});
});

describe('an action', () => {
	test.each([
		['download', 'install m', 'Downloaded and verified.'],
		['verify', 'verify m', 'Every byte is as its publisher made it.'],
		['remove', 'remove m, used by nobody', '2.0 MB freed.'],
		['pause', 'pause m', null]
	] as const)('%s does what it says, and tells it', async (action, told, notice) => {
		await engines[action](model);
		expect(library.told).toEqual([told]);
		expect(engines.notice).toBe(notice);
	});

	test('reads the list anew afterwards, in every tab', async () => {
		let heard = 0;
		feed.on('library', () => heard++);
		await engines.download(model);
		await nextTask();
		expect([library.reads, heard]).toEqual([1, 1]);
	});

	test.each([
		[1, 'One damaged part was downloaded again.'],
		[3, '3 damaged parts were downloaded again.']
	])('says how much it had to repair: %i', async (repaired, notice) => {
		library.repaired = repaired;
		await engines.verify(model);
		expect(engines.notice).toBe(notice);
	});

	test('says why it failed; what the user paused is no failure', async () => {
		library.failing = new AppError('download/offline');
		await engines.download(model);
		expect([engines.error?.code, engines.notice]).toEqual(['download/offline', null]);
		library.failing = new AppError('cancelled');
		await engines.download(model);
		expect(engines.error).toBeNull();
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
		expect(library.told).toEqual(['remove m, used by the upgrade that is under way']);
	});
});
