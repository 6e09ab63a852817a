import type { IndexId, PlanId } from '../core/ids.ts';
import type { KnowledgeApi } from '../knowledge/knowledge-api.ts';
import type { Clock } from '../ports/clock.ts';
import type { RecordStore } from '../ports/record-store.ts';
import { write } from '../ports/store-write.ts';
import { days } from './days.ts';
import type { JournalEntry } from './journal-entry.ts';
import type { MigrationJournal } from './journal.ts';
import { snapshotStore } from './migration-records.ts';
import type { SetupRepository } from './setup-repository.ts';

export interface GarbageDeps {
	readonly records: RecordStore;
	readonly journal: MigrationJournal;
	readonly setup: SetupRepository;
	readonly knowledge: Pick<KnowledgeApi, 'collectGarbage'>;
	readonly clock: Clock;
}

export interface Collected {
	readonly indexes: readonly IndexId[];
	readonly snapshots: readonly PlanId[];
}

/**
 * Deletes what no setup, trial or upgrade needs and whose time is over: retired indexes, and snapshots of upgrades
 * that ended longer ago than they were to be kept. Call it when no upgrade runs; it may be cut short and repeated.
 */
export async function collectGarbage(deps: GarbageDeps): Promise<Collected> {
	const record = await deps.setup.read();
	// Without a setup nothing is known to be unused.
	if (!record) return { indexes: [], snapshots: [] };
	const journals = await deps.journal.all();
	const keep = new Set<IndexId>([record.current.index]);
	if (record.trial) keep.add(record.trial.previous.index);
	for (const entries of journals.filter((journal) => endOf(journal) === null)) {
		const first = entries[0];
		if (first?.type !== 'planned') continue;
		keep.add(first.plan.from.index);
		keep.add(first.plan.to.index);
	}
	return {
		indexes: await deps.knowledge.collectGarbage([...keep], deps.clock.now()),
		snapshots: await collectSnapshots(deps, journals)
	};
}

async function collectSnapshots(
	deps: GarbageDeps,
	journals: readonly (readonly JournalEntry[])[]
): Promise<PlanId[]> {
	const rows = await deps.records.list(snapshotStore);
	const expired = rows
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
	const end = endOf(entries);
	const first = entries[0];
	if (!end || first?.type !== 'planned') return false;
	return end.at + days(first.plan.options.keepDays) < now;
}

function endOf(entries: readonly JournalEntry[]): JournalEntry | null {
	const last = entries.at(-1);
	return last?.type === 'committed' || last?.type === 'rolled-back' ? last : null;
}
