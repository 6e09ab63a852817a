import type { PlanId } from '../../core/ids.ts';
import type { JournalEntry } from '../../migration/journal-entry.ts';
import type { MigrationJournal } from '../../migration/journal.ts';
import { exportLog, migrationLog } from '../../migration/migration-log.ts';
import { snapshotStore, type SnapshotRow } from '../../migration/migration-records.ts';
import type { MigrationPlan } from '../../migration/plan.ts';
import type { RecordStore } from '../../ports/record-store.ts';
import type { ChangeFeed } from '../change-feed.ts';

interface Parts {
	readonly journal: MigrationJournal;
	readonly records: RecordStore;
	readonly feed: ChangeFeed;
}

/** One upgrade as History lists it. */
export interface PastUpgrade {
	readonly plan: MigrationPlan;
	readonly entries: readonly JournalEntry[];
	readonly outcome: 'kept' | 'undone' | 'under way';
	/** Why it went back, in plain words; null otherwise. */
	readonly reason: string | null;
	/** Epoch milliseconds. */
	readonly endedAt: number | null;
}

/** All upgrades that there ever were, and the snapshots that they took. */
export class HistoryView {
	readonly #parts: Parts;
	#upgrades = $state.raw<readonly PastUpgrade[]>([]);
	#snapshots = $state.raw<readonly SnapshotRow[]>([]);

	constructor(parts: Parts) {
		this.#parts = parts;
		parts.feed.on('upgrade', () => void this.refresh());
	}

	/** The newest first. */
	get upgrades(): readonly PastUpgrade[] {
		return this.#upgrades;
	}

	/** The newest first. */
	get snapshots(): readonly SnapshotRow[] {
		return this.#snapshots;
	}

	async refresh(): Promise<void> {
		const { journal, records } = this.#parts;
		this.#upgrades = (await journal.all()).flatMap(pastUpgrade);
		const snapshots = await records.list(snapshotStore);
		this.#snapshots = snapshots.sort((a, b) => b.takenAt - a.takenAt);
	}

	/** The log of one upgrade: as Markdown for people, or as JSON. */
	log(planId: PlanId, format: 'markdown' | 'json'): string {
		const entries = this.#upgrades.find(({ plan }) => plan.id === planId)?.entries ?? [];
		return format === 'json' ? exportLog(entries) : migrationLog(entries);
	}
}

function pastUpgrade(entries: readonly JournalEntry[]): PastUpgrade[] {
	const [first] = entries;
	const last = entries.at(-1);
	if (first?.type !== 'planned' || !last) return [];
	const back = entries.find((entry) => entry.type === 'rollback-requested');
	const ended = last.type === 'committed' || last.type === 'rolled-back';
	return [
		{
			plan: first.plan,
			entries,
			outcome: last.type === 'committed' ? 'kept' : ended ? 'undone' : 'under way',
			reason: back?.message ?? null,
			endedAt: ended ? last.at : null
		}
	];
}
