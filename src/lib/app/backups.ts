import type { AdapterPartRow } from '../adapters/adapter-records.ts';
import { AppError } from '../core/errors.ts';
import { newId, type ModelId, type PlanId } from '../core/ids.ts';
import type { Json } from '../core/json.ts';
import type { SetupRecord } from '../core/setup.ts';
import type { ModelListing } from '../library/library-api.ts';
import { endOfUpgrade } from '../migration/end-of-upgrade.ts';
import type { JournalEntry } from '../migration/journal-entry.ts';
import type { MigrationJournal } from '../migration/journal.ts';
import { snapshotStore, type SnapshotRow } from '../migration/migration-records.ts';
import type { SetupRepository } from '../migration/setup-repository.ts';
import { isIntact, takeSnapshot } from '../migration/snapshot.ts';
import type { Clock } from '../ports/clock.ts';
import type { Locks } from '../ports/locks.ts';
import type { RecordStore, StoreWrite } from '../ports/record-store.ts';
import { write } from '../ports/store-write.ts';
import { activeSetup } from './active-setup.ts';
import { adapterFilesOf, adapterRowsOf } from './adapter-files-kept.ts';
import type { BackedUpStore } from './backed-up-stores.ts';
import { storeParts } from './backup-adapters.ts';
import { backupReason } from './backup-reason.ts';
import { setupDifference, type SetupDifference } from './setup-difference.ts';

/** A backup as its page lists it. */
export interface Backup {
	readonly id: PlanId;
	/** Epoch milliseconds. */
	readonly takenAt: number;
	/** Names of the engines that were in use. */
	readonly chat: string;
	readonly embedding: string;
	/** Names of the adapters that it keeps, on or off. */
	readonly adapters: readonly string[];
	/** Of its JSON, and of the adapters that it keeps. */
	readonly bytes: number;
	/** `Before the upgrade to Starter 2`. */
	readonly reason: string;
	/** Whether it is what was saved; null for one of an earlier version, which has nothing to tell by. */
	readonly intact: boolean | null;
	/** False while the upgrade that took it is not over. */
	readonly removable: boolean;
}

/** What putting a backup back would do. */
export interface RestorePreview {
	readonly id: PlanId;
	readonly takenAt: number;
	/** Settings that are put back at once, a line each. */
	readonly changes: readonly string[];
	/** What cannot be put back, and what to do: whole sentences. */
	readonly lost: readonly string[];
	/** What it says of the engines: those are never put back, but upgraded back to. */
	readonly setup: SetupDifference;
}

/** What came of it. */
export interface Restored {
	/** The settings that are in force again, a line each; empty where none differed. */
	readonly changes: readonly string[];
	/** What could not be put back. */
	readonly lost: readonly string[];
	readonly setup: SetupDifference;
}

interface Differences extends Restored {
	readonly writes: readonly StoreWrite[];
}

interface Parts {
	readonly records: RecordStore;
	readonly setup: Pick<SetupRepository, 'read'>;
	readonly journal: Pick<MigrationJournal, 'outlines'>;
	readonly clock: Clock;
	readonly locks: Pick<Locks, 'hold'>;
	/** What is backed up besides the setup. */
	readonly stores: readonly BackedUpStore[];
	readonly listings: () => Promise<readonly Pick<ModelListing, 'id'>[]>;
	/** Called when settings have been put back, or files of adapters: whoever has read them reads them again. */
	readonly onRestored: () => void | Promise<void>;
	/** Deletes the bytes of adapters that no adapter and no backup names any more. Resolves with how many. */
	readonly collectParts: () => Promise<number>;
}

/**
 * Copies of what is configured, before each upgrade and whenever the user likes. Errors, of all that names one:
 * `backup/missing`; of all that uses one: `backup/damaged` when it is not what was saved.
 */
export class Backups {
	readonly #parts: Parts;

	constructor(parts: Parts) {
		this.#parts = parts;
	}

	/** The newest first. */
	async list(): Promise<Backup[]> {
		const journals = await this.#parts.journal.outlines();
		const rows = await this.#parts.records.list(snapshotStore);
		const backups = await Promise.all(rows.map((row) => shown(row, journals)));
		return backups.sort((a, b) => b.takenAt - a.takenAt);
	}

	/** Saves what is configured now. */
	async takeNow(): Promise<void> {
		await this.#alone(() => this.#take('by-hand'));
	}

	/**
	 * With the bytes of adapters that only this backup named: resolves with how many those were. Errors: `backup/needed` while
	 * the upgrade that took it is not over.
	 */
	async remove(id: PlanId): Promise<number> {
		const row = await this.#read(id);
		if (!isRemovable(row, await this.#parts.journal.outlines())) {
			throw new AppError('backup/needed');
		}
		await this.#parts.records.commit([write.delete(snapshotStore, [id])]);
		return this.#parts.collectParts();
	}

	/** Its content as a file, with the adapters that it keeps. Errors: `backup/too-large`. */
	async file(id: PlanId): Promise<Blob> {
		const { backupFile } = await import('./backup-file.ts');
		return backupFile(await this.#readIntact(id), this.#parts.records);
	}

	/**
	 * Adds the backup of a file with the bytes of its adapters, and changes nothing else. False when it is in the list
	 * already. Errors: `backup/unreadable`, `backup/damaged`.
	 */
	async addFile(source: Blob, name: string): Promise<boolean> {
		const { stores, collectParts, onRestored } = this.#parts;
		const { readBackupFile } = await import('./backup-file.ts');
		const all = stores.map(({ store }) => store);
		const id = newId() as PlanId;
		const { row, parts } = await readBackupFile({ source, name, id, stores: all });
		try {
			const { isNew, mends } = await this.#alone(() => this.#add(row, parts()));
			if (mends) await onRestored();
			return isNew;
		} catch (error) {
			// Half of an adapter is of no use: it is cleared away.
			await collectParts();
			throw error;
		}
	}

	async preview(id: PlanId): Promise<RestorePreview> {
		const row = await this.#readIntact(id);
		const { writes: _, ...differences } = await this.#differences(row);
		return { id, takenAt: row.takenAt, ...differences };
	}

	/**
	 * Puts the settings back, in one commit, after it has backed up those of this moment. The engines stay: what is to be
	 * chosen for an upgrade back to them is in the result.
	 */
	async restore(id: PlanId): Promise<Restored> {
		const { records, onRestored } = this.#parts;
		const row = await this.#readIntact(id);
		const restored = await this.#alone(async () => {
			const { writes, ...told } = await this.#differences(row);
			if (told.changes.length === 0) return told;
			await this.#take('restore');
			await records.commit(writes, { durability: 'strict' });
			return told;
		});
		if (restored.changes.length > 0) await onRestored();
		return restored;
	}

	/** While nobody adds or removes adapters, or clears their files away, in any tab. */
	#alone<T>(work: () => Promise<T>): Promise<T> {
		return this.#parts.locks.hold('adapters', work);
	}

	async #add(
		row: SnapshotRow,
		parts: AsyncIterable<AdapterPartRow>
	): Promise<{ readonly isNew: boolean; readonly mends: boolean }> {
		const { records } = this.#parts;
		const mends = await storeParts(records, adapterFilesOf(row), parts);
		const present = await records.list(snapshotStore);
		const same = ({ digest, takenAt }: SnapshotRow): boolean =>
			digest === row.digest && takenAt === row.takenAt;
		if (present.some(same)) return { isNew: false, mends };
		await records.commit([write.add(snapshotStore, row)], { durability: 'strict' });
		return { isNew: true, mends };
	}

	async #differences(row: SnapshotRow): Promise<Differences> {
		const { records, stores, journal, listings } = this.#parts;
		const changes: string[] = [];
		const lost: string[] = [];
		const writes: StoreWrite[] = [];
		for (const each of stores) {
			const wanted: readonly Json[] | undefined = row.config?.[each.store.name];
			if (!wanted) continue;
			const possible = (await each.restorable?.(records, wanted)) ?? { rows: wanted, lost: [] };
			const present = await each.store.read(records);
			changes.push(...each.changes(present, possible.rows));
			writes.push(...each.store.writes(present, possible.rows));
			lost.push(...possible.lost);
		}
		const setup = setupDifference({
			backup: row,
			record: await this.#active(),
			journals: await journal.outlines(),
			models: new Set<ModelId>((await listings()).map(({ id }) => id))
		});
		return { changes, lost, setup, writes };
	}

	async #take(reason: 'by-hand' | 'restore'): Promise<void> {
		const { records, clock, stores } = this.#parts;
		const configStores = stores.map(({ store }) => store);
		const record = await this.#active();
		const subject = { planId: newId() as PlanId, record, reason };
		await takeSnapshot({ records, clock, configStores }, subject);
	}

	#active(): Promise<SetupRecord> {
		return activeSetup(this.#parts.setup);
	}

	async #read(id: PlanId): Promise<SnapshotRow> {
		const row = await this.#parts.records.get(snapshotStore, [id]);
		if (!row) throw new AppError('backup/missing');
		return row;
	}

	async #readIntact(id: PlanId): Promise<SnapshotRow> {
		const row = await this.#read(id);
		if ((await isIntact(row)) === false) throw new AppError('backup/damaged');
		return row;
	}
}

async function shown(
	row: SnapshotRow,
	journals: readonly (readonly JournalEntry[])[]
): Promise<Backup> {
	const { planId, takenAt, record } = row;
	return {
		id: planId,
		takenAt,
		chat: record.current.chat.name,
		embedding: record.current.embedding.name,
		adapters: adapterRowsOf(row).map(({ name }) => name),
		bytes: new TextEncoder().encode(JSON.stringify(row)).byteLength + adapterBytes(row),
		reason: backupReason(row, journalOf(planId, journals)),
		intact: await isIntact(row),
		removable: isRemovable(row, journals)
	};
}

function adapterBytes(row: SnapshotRow): number {
	return adapterFilesOf(row).reduce((sum, { bytes }) => sum + bytes, 0);
}

function isRemovable(
	{ planId }: SnapshotRow,
	journals: readonly (readonly JournalEntry[])[]
): boolean {
	const journal = journalOf(planId, journals);
	return journal === undefined || endOfUpgrade(journal) !== null;
}

function journalOf(
	id: PlanId,
	journals: readonly (readonly JournalEntry[])[]
): readonly JournalEntry[] | undefined {
	return journals.find(([first]) => first?.planId === id);
}
