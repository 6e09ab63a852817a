import { SvelteMap } from 'svelte/reactivity';
import type { PlanId } from '../../core/ids.ts';
import type { AnswerReport } from '../../migration/answer-report.ts';
import type { GateReport } from '../../migration/gate-report.ts';
import type { MigrationJournal } from '../../migration/journal.ts';
import { exportLog, exportLogs, migrationLog } from '../../migration/migration-log.ts';
import { answerReportStore, gateReportStore } from '../../migration/migration-records.ts';
import {
	pastDetails,
	pastUpgrade,
	type PastDetails,
	type PastUpgrade
} from '../../migration/past-upgrade.ts';
import type { RecordStore } from '../../ports/record-store.ts';
import type { ChangeFeed } from '../change-feed.ts';
import type { ShownError } from '../shown-error.ts';
import { LastFailure } from './last-failure.svelte.ts';

interface Parts {
	readonly journal: MigrationJournal;
	readonly records: RecordStore;
	readonly feed: ChangeFeed;
}

/** All that is known of one upgrade. */
export interface OpenedUpgrade extends PastDetails {
	/** What the comparison of the indexes found; null where there was none. */
	readonly report: GateReport | null;
	/** What both chat engines answered; null where none was asked. */
	readonly answers: AnswerReport | null;
}

/** All upgrades that there ever were. The list is short whatever they did; what they did is read for those looked into. */
export class HistoryView {
	readonly #parts: Parts;
	readonly #opened = new SvelteMap<PlanId, OpenedUpgrade>();
	#upgrades = $state.raw<readonly PastUpgrade[]>([]);
	readonly #failure = new LastFailure();

	constructor(parts: Parts) {
		this.#parts = parts;
		parts.feed.on('upgrade', () => void this.refresh());
		parts.feed.on('reports', () => void this.refresh());
	}

	/** The newest first. */
	get upgrades(): readonly PastUpgrade[] {
		return this.#upgrades;
	}

	/** Undefined until it has been opened and read. */
	details(planId: PlanId): OpenedUpgrade | undefined {
		return this.#opened.get(planId);
	}

	/** Why something could not be read; null when it could. */
	get error(): ShownError | null {
		return this.#failure.error;
	}

	/** Reads the list, and anew what has been opened. */
	refresh = (): Promise<void> =>
		this.#failure.of(async () => {
			const outlines = await this.#parts.journal.outlines();
			this.#upgrades = outlines.flatMap((entries) => pastUpgrade(entries) ?? []);
			for (const planId of this.#opened.keys()) await this.#read(planId);
		});

	open = (planId: PlanId): Promise<void> => this.#failure.of(() => this.#read(planId));

	/** The log of one upgrade: as Markdown for people, or as JSON. Null when it cannot be read. */
	log = async (planId: PlanId, format: 'markdown' | 'json'): Promise<string | null> => {
		let log: string | null = null;
		await this.#failure.of(async () => {
			const entries = await this.#parts.journal.read(planId);
			log = format === 'json' ? exportLog(entries) : migrationLog(entries);
		});
		return log;
	};

	/** Every log, as one JSON. Null when they cannot be read. */
	exportAll = async (): Promise<string | null> => {
		let logs: string | null = null;
		await this.#failure.of(async () => {
			logs = exportLogs(await this.#parts.journal.all());
		});
		return logs;
	};

	async #read(planId: PlanId): Promise<void> {
		const { journal, records } = this.#parts;
		this.#opened.set(planId, {
			...pastDetails(await journal.read(planId)),
			report: (await records.get(gateReportStore, [planId])) ?? null,
			answers: (await records.get(answerReportStore, [planId])) ?? null
		});
	}
}
