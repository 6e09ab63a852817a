import type { PlanId, Sha256 } from '../core/ids.ts';
import type { Json } from '../core/json.ts';
import type { SetupRecord } from '../core/setup.ts';
import type { StoreOf } from '../ports/record-store.ts';
import type { AnswerReport } from './answer-report.ts';
import type { GateReport } from './gate-report.ts';
import type { JournalEntry } from './journal-entry.ts';

/** A backup: the setup, and what else is configured, as it was at that time. */
export interface SnapshotRow {
	/** Of the upgrade that took it; an id of its own for one that was taken by hand. */
	readonly planId: PlanId;
	readonly takenAt: number;
	readonly record: SetupRecord;
	/**
	 * Absent in backups of earlier versions: before an upgrade. Others stay until they are deleted: those taken by hand, and
	 * those of what was configured before another backup was put back.
	 */
	readonly reason?: 'upgrade' | 'by-hand' | 'restore';
	/** What is configured besides: the rows of other stores, by the store's name. Absent in backups of earlier versions. */
	readonly config?: Readonly<Record<string, readonly Json[]>>;
	/** SHA-256 of the canonical JSON of `record` and `config`. Absent in backups of earlier versions. */
	readonly digest?: Sha256;
}

/** One row, ever: the active setup. */
export const setupStore: StoreOf<SetupRecord, 'active'> = {
	name: 'setup',
	keyOf: (row) => row.id
};

export const journalStore: StoreOf<JournalEntry, readonly [PlanId, number]> = {
	name: 'journal',
	keyOf: (row) => [row.planId, row.seq]
};

export const snapshotStore: StoreOf<SnapshotRow, readonly [PlanId]> = {
	name: 'snapshots',
	keyOf: (row) => [row.planId]
};

export const gateReportStore: StoreOf<GateReport, readonly [PlanId]> = {
	name: 'gate-reports',
	keyOf: (row) => [row.planId]
};

export const answerReportStore: StoreOf<AnswerReport, readonly [PlanId]> = {
	name: 'answer-reports',
	keyOf: (row) => [row.planId]
};
