import type { PlanId } from '../../core/ids.ts';
import type { AnswerReport } from '../../migration/answer-report.ts';
import type { GateReport } from '../../migration/gate-report.ts';
import type { MigrationJournal } from '../../migration/journal.ts';
import { exportLog, migrationLog } from '../../migration/migration-log.ts';
import {
	answerReportStore,
	gateReportStore,
	snapshotStore,
	type SnapshotRow
} from '../../migration/migration-records.ts';
import { pastUpgrade, type PastUpgrade } from '../../migration/past-upgrade.ts';
import type { RecordStore } from '../../ports/record-store.ts';
import type { ChangeFeed } from '../change-feed.ts';
import { shownError, type ShownError } from '../shown-error.ts';

interface Parts {
	readonly journal: MigrationJournal;
	readonly records: RecordStore;
	readonly feed: ChangeFeed;
}

/** All upgrades that there ever were, and the snapshots that they took. */
export class HistoryView {
	readonly #parts: Parts;
	#upgrades = $state.raw<readonly PastUpgrade[]>([]);
	#snapshots = $state.raw<readonly SnapshotRow[]>([]);
	#reports = $state.raw<readonly GateReport[]>([]);
	#answers = $state.raw<readonly AnswerReport[]>([]);
	#error = $state.raw<ShownError | null>(null);

	constructor(parts: Parts) {
		this.#parts = parts;
		parts.feed.on('upgrade', () => void this.refresh());
		parts.feed.on('reports', () => void this.refresh());
	}

	/** The newest first. */
	get upgrades(): readonly PastUpgrade[] {
		return this.#upgrades;
	}

	/** The newest first. */
	get snapshots(): readonly SnapshotRow[] {
		return this.#snapshots;
	}

	/** What the comparison of that upgrade found; undefined where there was none. */
	report(planId: PlanId): GateReport | undefined {
		return this.#reports.find((report) => report.planId === planId);
	}

	/** What both chat engines answered; undefined where none was asked. */
	answers(planId: PlanId): AnswerReport | undefined {
		return this.#answers.find((report) => report.planId === planId);
	}

	/** Why the list could not be read; null when it could. */
	get error(): ShownError | null {
		return this.#error;
	}

	async refresh(): Promise<void> {
		try {
			await this.#read();
			this.#error = null;
		} catch (error) {
			this.#error = shownError(error);
		}
	}

	/** The log of one upgrade: as Markdown for people, or as JSON. */
	log(planId: PlanId, format: 'markdown' | 'json'): string {
		const entries = this.#upgrades.find(({ plan }) => plan.id === planId)?.entries ?? [];
		return format === 'json' ? exportLog(entries) : migrationLog(entries);
	}
	async #read(): Promise<void> {
		const { journal, records } = this.#parts;
		this.#upgrades = (await journal.all()).flatMap((entries) => pastUpgrade(entries) ?? []);
		const snapshots = await records.list(snapshotStore);
		this.#snapshots = snapshots.sort((a, b) => b.takenAt - a.takenAt);
		this.#reports = await records.list(gateReportStore);
		this.#answers = await records.list(answerReportStore);
	}
}
