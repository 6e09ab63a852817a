import { AppError, hasCode } from '../core/errors.ts';
import type { PlanId } from '../core/ids.ts';
import type { StoreWrite } from '../ports/record-store.ts';
import { abandonUpgrade } from './abandon-upgrade.ts';
import { days } from './days.ts';
import { decisions, maxFailedStarts } from './decisions.ts';
import { describeProgress, type MigrationView } from './describe-progress.ts';
import type { Decide } from './journal-writer.ts';
import type { MigrationDeps } from './migration-deps.ts';
import { MigrationRun, type Rest } from './migration-run.ts';
import type { MigrationPlan, Speed } from './plan.ts';
import { sameSetup } from './same-setup.ts';

/** Held by whoever runs an upgrade, in any tab. */
const lockName = 'migration';

interface Active {
	/** Null when it could not be opened. */
	readonly opened: Promise<MigrationRun | null>;
	/** Settles after the lock is free again. */
	readonly ended: Promise<Rest>;
}

type Open = () => Promise<{ readonly planId: PlanId; readonly decide: Decide }>;

/**
 * Runs upgrades, one at a time. What is asked of it is journaled first and then done; the promises resolve when
 * the upgrade rests: waiting for the user, or ended. They reject with `migration/running` when another tab has the
 * upgrade, `migration/refused` when there is nothing to do that to, and with storage errors when the journal cannot
 * be written; then nothing goes on, and `resumeUnfinished` takes it up again.
 */
export class MigrationController {
	readonly #deps: MigrationDeps;
	readonly #listeners = new Set<(view: MigrationView | null) => void>();
	#active: Active | null = null;
	#view: MigrationView | null = null;

	constructor(deps: MigrationDeps) {
		this.#deps = deps;
	}

	/** The upgrade under way, or the one that ended last in this tab; null when there is none. */
	get view(): MigrationView | null {
		return this.#view;
	}

	/** Calls with each change of the view. Returns the function that stops it. */
	onChange(listener: (view: MigrationView | null) => void): () => void {
		this.#listeners.add(listener);
		return () => this.#listeners.delete(listener);
	}

	/**
	 * Begins an upgrade. Refused while another one is under way, or when the setup is not what was planned for. The writes
	 * alongside become visible with the first entry of its journal, or not at all.
	 */
	async start(plan: MigrationPlan, alongside: readonly StoreWrite[] = []): Promise<Rest> {
		if (this.#active) throw new AppError('migration/running');
		return this.#launch(async () => {
			if (await this.#deps.journal.unfinished()) throw new AppError('migration/running');
			const record = await this.#deps.setup.read();
			if (!record || record.trial || !sameSetup(record.current, plan.from)) {
				throw refused('the setup has changed since this upgrade was planned');
			}
			const at = this.#deps.clock.now();
			const planned = { type: 'planned', plan, planId: plan.id, seq: 0, at } as const;
			await this.#deps.journal.append([planned], alongside);
			return { planId: plan.id, decide: () => [] };
		});
	}

	/**
	 * At each start of the app, in the tab that leads: goes on after a crash, or shows what the upgrade waits for.
	 * A trial that is over by `today`, epoch milliseconds, is kept; one whose engines failed to start too often is undone.
	 * Null: nothing to do. With `leading`, it waits for a tab that has lost the lead and still puts the upgrade down; the
	 * signal ends the waiting, with `cancelled`. Rejects with `migration/journal-corrupt` once, after going back to the old setup.
	 */
	async resumeUnfinished(
		today = this.#deps.clock.now(),
		leading?: AbortSignal
	): Promise<Rest | null> {
		if (this.#active) return this.#active.ended;
		const planId = await this.#deps.journal.unfinished();
		if (planId === null) return null;
		const open: Open = async () => {
			const trial = (await this.#deps.setup.read())?.trial;
			const decide: Decide = (state) =>
				trial?.planId === planId ? decisions.atBoot(state, trial, today) : [];
			return { planId, decide };
		};
		try {
			return await this.#launch(open, leading);
		} catch (error) {
			if (hasCode(error, 'migration/journal-corrupt')) await this.#abandon(planId);
			throw error;
		}
	}

	/** Reads the journal without running anything: for tabs that follow another one. */
	async refresh(): Promise<MigrationView | null> {
		if (this.#active) return this.#view;
		const planId = (await this.#deps.journal.unfinished()) ?? this.#view?.planId;
		if (planId === undefined) return this.#view;
		this.#show(describeProgress(await this.#deps.journal.read(planId), null));
		return this.#view;
	}

	/** Interrupts the step that is running; it goes on from there with `resume`, also days later. */
	async pause(): Promise<void> {
		const active = this.#active;
		const run = await active?.opened;
		if (!run || run.closed) return;
		await run.tell((state) => decisions.pause(state));
		await active?.ended;
	}

	async resume(): Promise<Rest> {
		return this.#command((state) => decisions.resume(state));
	}

	/** From now on, this fast: the step that is running goes on. Resolves once it is journaled. */
	async setSpeed(speed: Speed): Promise<void> {
		const run = await this.#active?.opened;
		const decide: Decide = (state) => decisions.setSpeed(state, speed);
		if (run && !run.closed) await run.tell(decide);
		else await this.#command(decide);
	}

	/** The step that holds by itself, for the battery or the like, goes on all the same; not for longer than it runs. */
	async goOnNow(): Promise<void> {
		(await this.#active?.opened)?.goOnNow();
	}

	/** Back to the old setup, which was in use all the time. */
	async stop(reason = new AppError('migration/stopped').message): Promise<Rest> {
		return this.#command((state) => decisions.goBack(state, 'migration/stopped', reason));
	}

	/** Goes on although the new engine finds less. The reason is logged. */
	async overrideGate(reason: string): Promise<Rest> {
		return this.#command((state) => decisions.overrideGate(state, reason));
	}

	async approveSwitch(): Promise<Rest> {
		return this.#command((state) => decisions.approveSwitch(state));
	}

	/** Ends the trial: the new setup stays, the old index is garbage from its date on. */
	async keep(): Promise<Rest> {
		return this.#command((state) => decisions.keep(state));
	}

	/** The trial ends so many days later than it would have; one that is past its end, so many days from now. */
	async keepLonger(moreDays: number): Promise<Rest> {
		const trial = (await this.#deps.setup.read())?.trial;
		if (!trial) throw refused('there is no trial to extend');
		const keepUntil = Math.max(trial.keepUntil, this.#deps.clock.now()) + days(moreDays);
		return this.#command((state) => decisions.keepLonger(state, keepUntil));
	}

	/**
	 * Ends the trial the other way: the old setup is in use again. Its index lacks the documents added since;
	 * whoever tends the active index completes it (`missingTexts`), as for any new document.
	 */
	async undo(): Promise<Rest> {
		return this.#command((state) =>
			decisions.goBack(state, 'migration/stopped', 'You went back to the previous setup.')
		);
	}

	/** After a load of an engine on trial has failed: goes back at the third failure in a row, else null. */
	async reportFailedStart(): Promise<Rest | null> {
		const tries = (await this.#deps.setup.read())?.trial?.unprovenStarts ?? 0;
		if (tries < maxFailedStarts) return null;
		return this.#command((state) => decisions.failedStarts(state, tries));
	}

	/** Gives the work up to another tab: leaves the journal as it is and lets go of the lock. */
	async suspend(): Promise<void> {
		const active = this.#active;
		(await active?.opened)?.suspend();
		await active?.ended.catch(() => undefined);
	}

	async #command(decide: Decide): Promise<Rest> {
		while (this.#active) {
			const { opened, ended } = this.#active;
			const run = await opened;
			if (run && !run.closed) {
				await run.tell(decide);
				return ended;
			}
			await ended.catch(() => undefined);
		}
		return this.#launch(async () => {
			const planId = await this.#deps.journal.unfinished();
			if (planId === null) throw refused('none is under way');
			return { planId, decide };
		});
	}

	/** Under the lock: finds out which upgrade it is, tells it something, and runs it until it rests. */
	#launch(open: Open, waiting?: AbortSignal): Promise<Rest> {
		let openedAs: (run: MigrationRun | null) => void = () => undefined;
		const opened = new Promise<MigrationRun | null>((resolve) => (openedAs = resolve));
		const ended = this.#withLock(async () => {
			const { planId, decide } = await open();
			const run = await MigrationRun.open(this.#deps, planId, () => this.#show(viewOf(run)));
			const told = run.tell(decide);
			openedAs(run);
			try {
				await told;
				return await run.run();
			} finally {
				this.#show(viewOf(run));
			}
		}, waiting).finally(() => {
			openedAs(null);
			this.#active = null;
		});
		this.#active = { opened, ended };
		return ended;
	}

	async #withLock(work: () => Promise<Rest>, waiting?: AbortSignal): Promise<Rest> {
		if (waiting) return this.#deps.locks.hold(lockName, work, { signal: waiting });
		const lock = await this.#deps.locks.tryHold(lockName, work);
		if (!lock.held) throw new AppError('migration/running');
		return lock.value;
	}

	async #abandon(planId: PlanId): Promise<void> {
		const lock = await this.#deps.locks.tryHold(lockName, () => abandonUpgrade(this.#deps, planId));
		if (!lock.held) throw new AppError('migration/running');
		this.#show(null);
	}

	#show(view: MigrationView | null): void {
		this.#view = view;
		for (const listener of this.#listeners) listener(view);
	}
}

function viewOf(run: MigrationRun): MigrationView {
	return describeProgress(run.entries, run.live);
}

function refused(reason: string): AppError {
	return new AppError('migration/refused', { details: { reason } });
}
