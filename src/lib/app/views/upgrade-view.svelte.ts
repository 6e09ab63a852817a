import type { Setup } from '../../core/setup.ts';
import type { MigrationView } from '../../migration/describe-progress.ts';
import type { AnswerReport } from '../../migration/answer-report.ts';
import type { GateReport } from '../../migration/gate-report.ts';
import type { MigrationController } from '../../migration/migration-controller.ts';
import { isGate } from '../../migration/gate-steps.ts';
import { answerReportStore, gateReportStore } from '../../migration/migration-records.ts';
import type { MigrationPlan, Speed } from '../../migration/plan.ts';
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

type Command = (controller: MigrationController) => Promise<unknown>;

/** The upgrade under way, or the one that ended last: what it does, what it waits for, and what can be told to it. */
export class UpgradeView {
	readonly #parts: Parts;
	#view = $state.raw<MigrationView | null>(null);
	#report = $state.raw<GateReport | null>(null);
	#answers = $state.raw<AnswerReport | null>(null);
	#error = $state.raw<ShownError | null>(null);
	#failed = $state.raw<Command | null>(null);
	/** Plan and finished comparisons whose reports are shown. */
	#compared: string | null = null;

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
		parts.feed.on('reports', () => {
			this.#compared = null;
			void this.#followReports(this.#view);
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

	/** What the comparison of the indexes found; null before it has. */
	get report(): GateReport | null {
		return this.#report;
	}

	/** What both chat engines answered; null before they have. */
	get answers(): AnswerReport | null {
		return this.#answers;
	}

	get error(): ShownError | null {
		return this.#error;
	}

	/** True when the command that failed may succeed if it is given again. */
	get canTryAgain(): boolean {
		return this.#failed !== null;
	}

	/** Gives the command that failed again. */
	tryAgain = async (): Promise<void> => {
		if (this.#failed) await this.#tell(this.#failed);
	};
	refresh = (): Promise<void> => this.#tell((controller) => controller.refresh());
	/** Where it fails, the wizard goes back a page: nothing has begun. */
	start = async (plan: MigrationPlan): Promise<void> => {
		await this.#tell((controller) => controller.start(plan));
		this.#failed = null;
	};
	/** Goes on after a restart of the app. */
	resumeUnfinished = (today: number, leading: AbortSignal): Promise<void> =>
		this.#tell((controller) => controller.resumeUnfinished(today, leading));
	pause = (): Promise<void> => this.#tell((controller) => controller.pause());
	resume = (): Promise<void> => this.#tell((controller) => controller.resume());
	/** From now on, this fast: what is under way goes on. */
	setSpeed = (speed: Speed): Promise<void> =>
		this.#tell((controller) => controller.setSpeed(speed));
	/** What holds by itself goes on all the same, this once. */
	goOnNow = (): Promise<void> => this.#tell((controller) => controller.goOnNow());
	stop = (): Promise<void> => this.#tell((controller) => controller.stop());
	approveSwitch = (): Promise<void> => this.#tell((controller) => controller.approveSwitch());
	keepLonger = (moreDays: number): Promise<void> =>
		this.#tell((controller) => controller.keepLonger(moreDays));
	keep = (): Promise<void> => this.#tell((controller) => controller.keep());
	undo = (): Promise<void> => this.#tell((controller) => controller.undo());
	overrideGate = (reason: string): Promise<void> =>
		this.#tell((controller) => controller.overrideGate(reason));

	async #tell(command: Command): Promise<void> {
		this.#error = null;
		this.#failed = null;
		try {
			await command(this.#parts.controller);
		} catch (error) {
			this.#error = shownError(error);
			// What an upgrade refuses, it refuses again.
			if (this.#error && !this.#error.code.startsWith('migration/')) this.#failed = command;
		}
	}

	#show(view: MigrationView | null): void {
		const { leads, feed, live } = this.#parts;
		const before = this.#view;
		const moved = stateOf(before) !== stateOf(view);
		// What the journal says of a step that runs is less than what the tab that runs it has told.
		if (!leads() && !moved) return;
		this.#view = view;
		void this.#followReports(view);
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

	/** Reads the reports whenever another comparison is done. */
	async #followReports(view: MigrationView | null): Promise<void> {
		const compared = comparedIn(view);
		if (compared === this.#compared) return;
		this.#compared = compared;
		if (!view || !compared) {
			this.#report = this.#answers = null;
			return;
		}
		const { records } = this.#parts;
		try {
			const report = await records.get(gateReportStore, [view.planId]);
			const answers = await records.get(answerReportStore, [view.planId]);
			if (this.#compared !== compared) return;
			this.#report = report ?? null;
			this.#answers = answers ?? null;
		} catch (error) {
			this.#error = shownError(error);
		}
	}
}

/** Plan, verdict and finished comparisons; null while there is none. */
function comparedIn(view: MigrationView | null): string | null {
	if (typeof view?.gatePassed !== 'boolean') return null;
	const done = view.steps.filter((step) => isGate(step) && step.state === 'done');
	return [view.planId, view.gatePassed, ...done.map(({ id }) => id)].join(' ');
}

function stateOf(view: MigrationView | null): string {
	if (!view) return '';
	const { planId, phase, waitingFor, keepUntil, gatePassed, failure, steps } = view;
	const states = steps.map(({ state }) => state);
	const wait = phase === 'waiting' ? waitingFor : null;
	return [planId, phase, wait, keepUntil, gatePassed, failure?.code, ...states].join();
}
