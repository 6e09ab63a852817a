import {
	adapterCheckStore,
	adapterStore,
	type AdapterCheckRow,
	type AdapterRow
} from '../adapters/adapter-records.ts';
import { AdapterStore } from '../adapters/adapter-store.ts';
import type { AdapterSupport } from '../adapters/adapter-support.ts';
import type { BaseIdentity } from '../adapters/base-identity.ts';
import type { AdapterVerdict } from '../adapters/adapter-verdict.ts';
import { activeSetup } from '../app/active-setup.ts';
import { AdapterKeeper } from '../app/adapter-keeper.ts';
import { adapterUsers } from '../app/adapter-users.ts';
import { Adapters } from '../app/adapters.ts';
import type { ChangedThing } from '../app/app-message.ts';
import type { TryEvent, TryRequest } from '../app/try-beside.ts';
import { AppError } from '../core/errors.ts';
import type { ModelSpec } from '../core/model-spec.ts';
import type { AdapterUse } from '../core/setup.ts';
import { SetupRepository } from '../migration/setup-repository.ts';
import { write } from '../ports/store-write.ts';
import { adapterCheck } from './adapter-row.ts';
import { InstantHasherFactory } from './instant-hash.ts';
import { ManualClock } from './manual-clock.ts';
import { MemoryLocks } from './memory-locks.ts';
import { MemoryRecordStore } from './memory-record-store.ts';
import { scriptedModel } from './scripted-engine.ts';
import { setupWith } from './setup-with.ts';

/** Adapters beside the scripted model, which is the chat engine in use. */
export class AdaptersWorld {
	readonly records = new MemoryRecordStore();
	readonly clock = new ManualClock(5000);
	readonly setup = new SetupRepository(this.records, this.clock, new MemoryLocks());
	readonly store = new AdapterStore({
		...{ records: this.records, clock: this.clock, hashers: new InstantHasherFactory() }
	});
	readonly announced: ChangedThing[] = [];
	/** Adapters that were tried with the engine, and each with how much of it. */
	readonly tried: AdapterUse[] = [];
	readonly compared: TryRequest[] = [];
	/** Of the chat engine in use; null: its files are gone. */
	model: ModelSpec | null = { ...scriptedModel, revision: '1' };
	/** Of that engine. */
	identity: BaseIdentity | null = null;
	support: AdapterSupport = { ok: true, by: 'graph' };
	upgrading = false;
	/** How adapters stand to the engine; default: they fit once they were tried, or at once where they tell their base. */
	verdict: (row: AdapterRow) => AdapterVerdict | null = () => null;
	outcome: (use: AdapterUse) => Partial<AdapterCheckRow> = () => ({});
	/** What a comparison tells, or fails with, in turn. */
	events: readonly (TryEvent | Error)[] = [];
	/** Awaited before each of them. */
	pause: () => Promise<void> = () => Promise.resolve();

	async start(rows: readonly AdapterRow[] = []): Promise<this> {
		await this.setup.initialise(setupWith('1', '1'));
		await this.records.commit(rows.map((row) => write.put(adapterStore, row)));
		return this;
	}

	/** What is on, with its strength. */
	async on(): Promise<readonly AdapterUse[]> {
		return (await this.setup.read())?.current.adapters ?? [];
	}

	open(): Adapters {
		const spec = (): Promise<ModelSpec> =>
			this.model
				? Promise.resolve(this.model)
				: Promise.reject(new AppError('library/not-installed'));
		const verdictOf = (row: AdapterRow): Promise<AdapterVerdict> => this.#verdictOf(row);
		const { records, setup } = this;
		const journal = { unfinished: () => Promise.resolve(null), read: () => Promise.resolve([]) };
		return new Adapters({
			...{ setup, spec },
			work: {
				...{ store: this.store, verdictOf },
				keeper: new AdapterKeeper({ records, setup, journal, spec, verdictOf }),
				identityOf: () => Promise.resolve(this.identity),
				usersOf: async (id) => adapterUsers(await activeSetup(setup), id),
				remove: (id) => this.store.remove(id, () => Promise.resolve(new Set()))
			},
			checkOf: (id, { id: model }) => records.get(adapterCheckStore, [id, model]),
			supportOf: () => this.support,
			tester: { check: (use) => this.#check(use) },
			beside: { compare: (request) => this.#compare(request) },
			upgrading: () => this.upgrading,
			feed: { announce: (what) => this.announced.push(what) }
		});
	}

	async #verdictOf(row: AdapterRow): Promise<AdapterVerdict> {
		const wanted = this.verdict(row);
		if (wanted) return wanted;
		const check = await this.records.get(adapterCheckStore, [row.id, scriptedModel.id]);
		if (check?.result === 'failed') return { state: 'no', reason: check.reason };
		return check || row.base.model
			? { state: 'fits', reason: 'It fits Scripted 1.' }
			: { state: 'needs-check', reason: 'Nobody knows its base. Check it first.' };
	}

	async #check(use: AdapterUse): Promise<AdapterCheckRow> {
		this.tried.push(use);
		const row = adapterCheck(use.adapter, this.outcome(use));
		await this.records.commit([write.put(adapterCheckStore, row)]);
		return row;
	}

	async *#compare(request: TryRequest): AsyncGenerator<TryEvent> {
		this.compared.push(request);
		for (const event of this.events) {
			await this.pause();
			if (event instanceof Error) throw event;
			yield event;
		}
	}
}
