import type { IndexId, PlanId } from '../core/ids.ts';
import type { KnowledgeApi } from '../knowledge/knowledge-api.ts';
import type { Clock } from '../ports/clock.ts';
import type { RecordStore } from '../ports/record-store.ts';
import { write } from '../ports/store-write.ts';
import { days } from './days.ts';
import { endOfUpgrade } from './end-of-upgrade.ts';
import type { JournalEntry } from './journal-entry.ts';
import type { MigrationJournal } from './journal.ts';
import { snapshotStore } from './migration-records.ts';
import { neededIndexes } from './needed-indexes.ts';
import type { SetupRepository } from './setup-repository.ts';

/** An index that is stored, and its date as garbage: null while it is in use, or should be. */
export interface StoredIndex {
	readonly id: IndexId;
	readonly deleteAfter: number | null;
}

export interface GarbageDeps {
	readonly records: RecordStore;
	readonly journal: MigrationJournal;
	readonly setup: SetupRepository;
	readonly knowledge: Pick<KnowledgeApi, 'collectGarbage' | 'retireIndex'>;
	/** All that there are. */
	readonly indexes: () => Promise<readonly StoredIndex[]>;
	readonly clock: Pick<Clock, 'now'>;
}

export interface Collected {
	readonly indexes: readonly IndexId[];
	/** Given back by them. */
	readonly bytes: number;
	readonly snapshots: readonly PlanId[];
	/** Left behind by an upgrade that could not be read: they get a date, and go when it has passed. */
	readonly dated: readonly IndexId[];
}

/** As long as the setup before an upgrade is kept where nobody chose otherwise. */
const orphanDays = 7;

/**
 * Deletes what no setup, trial or upgrade needs and whose time is over: retired indexes, and snapshots of upgrades
 * that ended longer ago than they were to be kept. Snapshots that the user asked for stay. Call it when no upgrade runs;
 * it may be cut short and repeated.
 */
export async function collectGarbage(deps: GarbageDeps): Promise<Collected> {
	// Read first: an upgrade journals its index before it makes it, so whatever stands here is named there by now.
	const stored = await deps.indexes();
	const record = await deps.setup.read();
	// Without a setup nothing is known to be unused.
	if (!record) return { indexes: [], bytes: 0, snapshots: [], dated: [] };
	const journals = await deps.journal.outlines();
	const keep = neededIndexes(record, journals);
	const orphans = stored.filter(({ id, deleteAfter }) => deleteAfter === null && !keep.has(id));
	for (const { id } of orphans) {
		await deps.knowledge.retireIndex(id, deps.clock.now() + days(orphanDays));
	}
	const { indexes, bytes } = await deps.knowledge.collectGarbage([...keep], deps.clock.now());
	const snapshots = await collectSnapshots(deps, journals);
	return { indexes, bytes, snapshots, dated: orphans.map(({ id }) => id) };
}

async function collectSnapshots(
	deps: GarbageDeps,
	journals: readonly (readonly JournalEntry[])[]
): Promise<PlanId[]> {
	const rows = await deps.records.list(snapshotStore);
	const expired = rows
		.filter(({ reason = 'upgrade' }) => reason === 'upgrade')
		.map(({ planId }) => planId)
		.filter((planId) => {
			const entries = journals.find((journal) => journal[0]?.planId === planId);
			return !entries || isPast(entries, deps.clock.now());
		});
	if (expired.length > 0) {
		await deps.records.commit(expired.map((id) => write.delete(snapshotStore, [id])));
	}
	return expired;
}

function isPast(entries: readonly JournalEntry[], now: number): boolean {
	const end = endOfUpgrade(entries);
	const first = entries[0];
	if (!end || first?.type !== 'planned') return false;
	return end.at + days(first.plan.options.keepDays) < now;
}
