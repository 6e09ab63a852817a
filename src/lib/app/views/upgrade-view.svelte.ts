import type { Setup } from '../../core/setup.ts';
import type { MigrationView } from '../../migration/describe-progress.ts';
import type { GateReport } from '../../migration/gate-report.ts';
import type { MigrationController } from '../../migration/migration-controller.ts';
import { gateReportStore } from '../../migration/migration-records.ts';
import type { MigrationPlan } from '../../migration/plan.ts';
import type { RecordStore } from '../../ports/record-store.ts';
import type { ChangeFeed } from '../change-feed.ts';
import type { UpgradeBroadcast } from '../upgrade-broadcast.ts';
import { shownError, type ShownError } from '../shown-error.ts';

interface Parts {
	readonly controller: MigrationController;
	readonly records: RecordStore;
	readonly feed: ChangeFeed;
	/** Between this tab and the others, while an upgrade runs. */
	readonly live: Pick<UpgradeBroadcast, 'send' | 'onHeard'>;
	/** True in the tab that runs upgrades; the others only read. */
	readonly leads: () => boolean;
}

/** The upgrade under way, or the one that ended last: what it does, what it waits for, and what can be told to it. */
export class UpgradeView {
	readonly #parts: Parts;
	#view = $state.raw<MigrationView | null>(null);
	#report = $state.raw<GateReport | null>(null);
	#error = $state.raw<ShownError | null>(null);
	/** Plan and outcome of the comparison whose report is shown. */
	#verdict: string | null = null;

	readonly trial: boolean = $derived(this.#view?.phase === 'trial');
	/** From the start until Keep or Undo, the trial itself left out. */
	readonly working: boolean = $derived(
		this.#view !== null && this.#view.phase !== 'trial' && this.#view.phase !== 'done'
	);

	constructor(parts: Parts) {
		this.#parts = parts;
		parts.controller.onChange((view) => this.#show(view));
		parts.feed.on('upgrade', () => {
			if (!parts.leads()) void this.refresh();
		});
		parts.live.onHeard((view) => this.#follow(view));
	}

	/** Null when no upgrade has been seen in this tab. */
	get view(): MigrationView | null {
		return this.#view;
	}

	/** The setup that an upgrade under way leads to; null when none is. */
	get target(): Setup | null {
		return this.working ? (this.#view?.plan.to ?? null) : null;
	}

	/** What the comparison found; null before it has. */
	get report(): GateReport | null {
		return this.#report;
	}

	get error(): ShownError | null {
		return this.#error;
	}

	refresh = (): Promise<void> => this.#tell((controller) => controller.refresh());
	start = (plan: MigrationPlan): Promise<void> =>
		this.#tell((controller) => controller.start(plan));
	/** Goes on after a restart of the app. */
	resumeUnfinished = (): Promise<void> => this.#tell((controller) => controller.resumeUnfinished());
	pause = (): Promise<void> => this.#tell((controller) => controller.pause());
	resume = (): Promise<void> => this.#tell((controller) => controller.resume());
	stop = (): Promise<void> => this.#tell((controller) => controller.stop());
	approveSwitch = (): Promise<void> => this.#tell((controller) => controller.approveSwitch());
	keepLonger = (moreDays: number): Promise<void> =>
		this.#tell((controller) => controller.keepLonger(moreDays));
	keep = (): Promise<void> => this.#tell((controller) => controller.keep());
	undo = (): Promise<void> => this.#tell((controller) => controller.undo());
	overrideGate = (reason: string): Promise<void> =>
		this.#tell((controller) => controller.overrideGate(reason));

	async #tell(command: (controller: MigrationController) => Promise<unknown>): Promise<void> {
		this.#error = null;
		try {
			await command(this.#parts.controller);
		} catch (error) {
			this.#error = shownError(error);
		}
	}

	#show(view: MigrationView | null): void {
		const { leads, feed, live } = this.#parts;
		const before = this.#view;
		const moved = stateOf(before) !== stateOf(view);
		// What the journal says of a step that runs is less than what the tab that runs it has told.
		if (!leads() && !moved) return;
		this.#view = view;
		void this.#followReport(view);
		if (!leads()) return;
		// Other tabs re-read on each change of state; each step of the progress bar they are only told.
		if (moved) feed.announce('upgrade');
		if (view) live.send(view);
	}

	/** What is told is shown where this tab has read the same state; it changes nothing that is decided by. */
	#follow(view: MigrationView): void {
		if (this.#parts.leads() || stateOf(this.#view) !== stateOf(view)) return;
		this.#view = view;
	}

	/** Reads the report once there is a verdict, and again when the comparison has been made anew. */
	async #followReport(view: MigrationView | null): Promise<void> {
		const verdict = view && view.gatePassed !== null ? `${view.planId} ${view.gatePassed}` : null;
		if (verdict === this.#verdict) return;
		this.#verdict = verdict;
		if (!view || !verdict) {
			this.#report = null;
			return;
		}
		try {
			const report = await this.#parts.records.get(gateReportStore, [view.planId]);
			if (this.#verdict === verdict) this.#report = report ?? null;
		} catch (error) {
			this.#error = shownError(error);
		}
	}
}

function stateOf(view: MigrationView | null): string {
	if (!view) return '';
	const { planId, phase, waitingFor, keepUntil, gatePassed, failure, steps } = view;
	const states = steps.map(({ state }) => state);
	const wait = phase === 'waiting' ? waitingFor : null;
	return [planId, phase, wait, keepUntil, gatePassed, failure?.code, ...states].join();
}
