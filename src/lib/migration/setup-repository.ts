import { AppError } from '../core/errors.ts';
import type { PlanId } from '../core/ids.ts';
import type { Setup, SetupRecord, Trial } from '../core/setup.ts';
import type { Clock } from '../ports/clock.ts';
import type { Locks } from '../ports/locks.ts';
import type { RecordStore, StoreWrite } from '../ports/record-store.ts';
import { write } from '../ports/store-write.ts';
import { setupStore } from './migration-records.ts';
import { sameSetup } from './same-setup.ts';

/** A switch that begins a trial. `keepUntil` in epoch milliseconds. */
export interface Switch {
	readonly from: Setup;
	readonly to: Setup;
	readonly planId: PlanId;
	readonly keepUntil: number;
}

/** Makes the write durable, alone or together with others. */
export type Commit = (writes: readonly StoreWrite[]) => Promise<void>;

/**
 * The active setup: every change is one strict write of the one record, under the lock `setup`. All methods may
 * be repeated after a crash. Errors: `storage/missing` before `initialise`, `storage/conflict` when the record is
 * not what the caller took it for.
 */
export class SetupRepository {
	readonly #records: RecordStore;
	readonly #clock: Clock;
	readonly #locks: Locks;

	constructor(records: RecordStore, clock: Clock, locks: Locks) {
		this.#records = records;
		this.#clock = clock;
		this.#locks = locks;
	}

	/** Undefined on the very first start. */
	async read(): Promise<SetupRecord | undefined> {
		return this.#records.get(setupStore, 'active');
	}

	/** Writes the first setup; one that is there already stays as it is. Returns what is in use. */
	async initialise(setup: Setup): Promise<SetupRecord> {
		return this.#locks.hold('setup', async () => {
			const present = await this.read();
			if (present) return present;
			const first: SetupRecord = {
				id: 'active',
				version: 1,
				sequence: 1,
				current: setup,
				since: this.#clock.now(),
				trial: null
			};
			await this.#commit([write.add(setupStore, first)]);
			return first;
		});
	}

	/** Changes the setup outside an upgrade (adapters, for example). A trial goes on. */
	async replace(expectedSequence: number, next: Setup): Promise<SetupRecord> {
		return this.#change((record) => {
			if (record.sequence !== expectedSequence) throw new AppError('storage/conflict');
			return { current: next, since: this.#clock.now() };
		});
	}

	/** The switch: one write that names the new setup and keeps the old one beside it. */
	async startTrial(change: Switch, commit?: Commit): Promise<SetupRecord> {
		return this.#change((record) => {
			if (record.trial?.planId === change.planId) return null;
			if (record.trial || !sameSetup(record.current, change.from)) {
				throw new AppError('storage/conflict');
			}
			const now = this.#clock.now();
			const trial: Trial = {
				planId: change.planId,
				previous: record.current,
				startedAt: now,
				keepUntil: change.keepUntil,
				unprovenStarts: 0
			};
			return { current: change.to, since: now, trial };
		}, commit);
	}

	/** The trial of that upgrade ends then, epoch milliseconds. Without a trial of it nothing changes. */
	async extendTrial(planId: PlanId, keepUntil: number): Promise<SetupRecord> {
		return this.#change(({ trial }) =>
			trial?.planId === planId ? { trial: { ...trial, keepUntil } } : null
		);
	}

	/** Keep: the trial of that upgrade is over, the new setup stays. */
	async endTrial(planId: PlanId): Promise<SetupRecord> {
		return this.#change((record) => (record.trial?.planId === planId ? { trial: null } : null));
	}

	/** Undo: the setup from before that upgrade is in use again. Without a trial of it nothing changes. */
	async restorePrevious(planId: PlanId): Promise<SetupRecord> {
		return this.#change((record) =>
			record.trial?.planId === planId
				? { current: record.trial.previous, since: this.#clock.now(), trial: null }
				: null
		);
	}

	/**
	 * Call BEFORE each load of an engine that is in use, so that a load that kills the tab is counted too.
	 * Returns how many starts of the trial are unproven now, this one included; 0 outside a trial.
	 */
	async countStart(): Promise<number> {
		const record = await this.#change(({ trial }) =>
			trial ? { trial: { ...trial, unprovenStarts: trial.unprovenStarts + 1 } } : null
		);
		return record.trial?.unprovenStarts ?? 0;
	}

	/** Takes one back that was cut short by the user, and so says nothing about the engine. */
	async uncountStart(): Promise<void> {
		await this.#change(({ trial }) =>
			trial && trial.unprovenStarts > 0
				? { trial: { ...trial, unprovenStarts: trial.unprovenStarts - 1 } }
				: null
		);
	}

	/** Call when a load has gone well: the count begins anew. */
	async reportGoodStart(): Promise<void> {
		await this.#change(({ trial }) =>
			trial && trial.unprovenStarts > 0 ? { trial: { ...trial, unprovenStarts: 0 } } : null
		);
	}

	/** Reads, decides and writes under the lock. Null leaves the record as it is. */
	async #change(
		decide: (record: SetupRecord) => Partial<SetupRecord> | null,
		commit: Commit = (writes) => this.#commit(writes)
	): Promise<SetupRecord> {
		return this.#locks.hold('setup', async () => {
			const record = await this.read();
			if (!record) throw new AppError('storage/missing', { details: { what: 'the active setup' } });
			const changes = decide(record);
			if (!changes) return record;
			const next = { ...record, ...changes, sequence: record.sequence + 1 };
			await commit([write.put(setupStore, next)]);
			return next;
		});
	}

	async #commit(writes: readonly StoreWrite[]): Promise<void> {
		await this.#records.commit(writes, { durability: 'strict' });
	}
}
