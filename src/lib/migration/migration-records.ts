import type { PlanId } from '../core/ids.ts';
import type { SetupRecord } from '../core/setup.ts';
import type { StoreOf } from '../ports/record-store.ts';
import type { GateReport } from './gate-report.ts';
import type { JournalEntry } from './journal-entry.ts';

/** The setup as it was when an upgrade began. */
export interface SnapshotRow {
	readonly planId: PlanId;
	readonly takenAt: number;
	readonly record: SetupRecord;
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
