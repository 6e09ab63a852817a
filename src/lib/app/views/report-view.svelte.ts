import type { PlanId } from '../../core/ids.ts';
import type { AnswerReport, Vote } from '../../migration/answer-report.ts';
import { isComplete } from '../../migration/answer-verdict.ts';
import type { GateReport } from '../../migration/gate-report.ts';
import { answerReportStore, gateReportStore } from '../../migration/migration-records.ts';
import type { RecordStore } from '../../ports/record-store.ts';
import { write } from '../../ports/store-write.ts';
import type { ChangeFeed } from '../change-feed.ts';
import type { ShownError } from '../shown-error.ts';
import { LastFailure } from './last-failure.svelte.ts';

interface Parts {
	readonly records: RecordStore;
	readonly feed: Pick<ChangeFeed, 'on' | 'announce'>;
}

/** What was compared in one upgrade, and what the user thinks of the answers. */
export class ReportView {
	readonly #parts: Parts;
	#planId: PlanId | null = null;
	#gate = $state.raw<GateReport | null>(null);
	#answers = $state.raw<AnswerReport | null>(null);
	#isRead = $state(false);
	readonly #failure = new LastFailure();

	constructor(parts: Parts) {
		this.#parts = parts;
		parts.feed.on('upgrade', () => void this.#read());
		parts.feed.on('reports', () => void this.#read());
	}

	/** Null where no indexes were compared, or were not yet. */
	get gate(): GateReport | null {
		return this.#gate;
	}

	/** Null where no answers were compared. Answers that are missing are still being written. */
	get answers(): AnswerReport | null {
		return this.#answers;
	}

	/** True once everything has been answered: the upgrade writes no more into what is voted on. */
	get mayVote(): boolean {
		return this.#answers !== null && isComplete(this.#answers);
	}

	/** True once it is known what there is. */
	get isRead(): boolean {
		return this.#isRead;
	}

	get error(): ShownError | null {
		return this.#failure.error;
	}

	/** Shows the reports of that upgrade from now on. */
	async open(planId: PlanId): Promise<void> {
		if (planId !== this.#planId) {
			this.#planId = planId;
			this.#gate = this.#answers = null;
			this.#isRead = false;
		}
		await this.#read();
	}

	/** Keeps which answer the user likes better. */
	vote = (promptId: string, vote: Vote): Promise<void> =>
		this.#failure.of(async () => {
			const { records, feed } = this.#parts;
			if (!this.#planId) return;
			// As it is stored now: another tab may have voted.
			const stored = await records.get(answerReportStore, [this.#planId]);
			if (!stored || !isComplete(stored)) return;
			const prompts = stored.prompts.map((prompt) =>
				prompt.id === promptId ? { ...prompt, vote } : prompt
			);
			const voted = { ...stored, prompts };
			await records.commit([write.put(answerReportStore, voted)]);
			this.#answers = voted;
			feed.announce('reports');
		});

	/** As a text for a file; null where that failed, which is shown. */
	async export(format: 'markdown' | 'json'): Promise<string | null> {
		let text: string | null = null;
		await this.#failure.of(async () => {
			text = await this.#exported(format);
		});
		return text;
	}

	async #exported(format: 'markdown' | 'json'): Promise<string> {
		// Words for a file are no part of the first page.
		const { exportQualityJson, exportQualityMarkdown } =
			await import('../../migration/quality-export.ts');
		const reports = { gate: this.#gate, answers: this.#answers };
		return format === 'json' ? exportQualityJson(reports) : exportQualityMarkdown(reports);
	}

	async #read(): Promise<void> {
		const planId = this.#planId;
		if (!planId) return;
		await this.#failure.of(async () => {
			const { records } = this.#parts;
			const gate = await records.get(gateReportStore, [planId]);
			const answers = await records.get(answerReportStore, [planId]);
			// Another one may have been opened meanwhile.
			if (planId !== this.#planId) return;
			this.#gate = gate ?? null;
			this.#answers = answers ?? null;
			this.#isRead = true;
		});
	}
}
