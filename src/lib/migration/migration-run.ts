import { throwIfAborted } from '../core/abort.ts';
import { AppError, toAppError } from '../core/errors.ts';
import type { PlanId } from '../core/ids.ts';
import type { Json } from '../core/json.ts';
import { commitUpgrade } from './commit-upgrade.ts';
import { maxFailedStarts, decisions, speedOf } from './decisions.ts';
import { failureEvents } from './failure-events.ts';
import type { JournalEntry, JournalEvent } from './journal-entry.ts';
import { JournalWriter, type Decide } from './journal-writer.ts';
import { nextAction } from './machine.ts';
import type { MigrationDeps } from './migration-deps.ts';
import type { Effort, StepRun } from './migration-step.ts';
import type { NextAction, Waiting } from './next-action.ts';
import type { PlannedStep, Range } from './plan.ts';
import { RateMeter } from './rate-meter.ts';
import { bindStep, type StepRegistry } from './step-registry.ts';

/** Why nothing runs any more. `suspended`: this tab gave the work up; another one goes on with it. */
export type Rest =
	| { readonly type: 'waiting'; readonly for: Waiting }
	| { readonly type: 'ended'; readonly outcome: 'committed' | 'rolled-back' }
	| { readonly type: 'suspended' };

/** How far the step that runs now is; kept nowhere. */
export interface LiveProgress {
	readonly step: string;
	readonly done: number;
	readonly total: number;
	/** Time that this step still takes, milliseconds; null until something has been measured. */
	readonly remaining: Range | null;
	/** Items of `total` in a second; null until something has been measured. */
	readonly perSecond: number | null;
	/** Why it waits by itself, a whole sentence; null while it works. */
	readonly holding: string | null;
}

type Measured = Pick<LiveProgress, 'remaining' | 'perSecond'>;

type RunAction = Extract<NextAction, { type: 'run' }>;

/** Performs what the journal of one upgrade names, until there is nothing to do. The caller holds the lock. */
export class MigrationRun {
	readonly planId: PlanId;
	readonly #deps: MigrationDeps;
	readonly #steps: StepRegistry;
	readonly #writer: JournalWriter;
	readonly #onChange: () => void;
	#abort = new AbortController();
	/** The step that is running. */
	#running: PlannedStep | null = null;
	/** Aborted when that step is to wait for nothing any more. */
	#urge = new AbortController();
	#live: LiveProgress | null = null;
	#suspended = false;
	#closed = false;

	private constructor(
		deps: MigrationDeps,
		steps: StepRegistry,
		planId: PlanId,
		entries: JournalEntry[],
		onChange: () => void
	) {
		this.planId = planId;
		this.#deps = deps;
		this.#steps = steps;
		this.#writer = new JournalWriter(deps.journal, deps.clock, planId, entries);
		this.#onChange = onChange;
	}

	/** Errors: `migration/journal-corrupt`. */
	static async open(
		deps: MigrationDeps,
		planId: PlanId,
		onChange: () => void
	): Promise<MigrationRun> {
		const entries = await deps.journal.read(planId);
		nextAction(entries);
		return new MigrationRun(deps, await deps.steps(), planId, entries, onChange);
	}

	get entries(): readonly JournalEntry[] {
		return this.#writer.entries;
	}

	get live(): LiveProgress | null {
		return this.#live;
	}

	/** True from the moment it has decided to rest: nothing told to it afterwards would be heard. */
	get closed(): boolean {
		return this.#closed;
	}

	/** Journals a wish, then interrupts the step that is running if the wish changes what is next. */
	async tell(decide: Decide): Promise<void> {
		await this.#append(decide);
		const next = nextAction(this.entries);
		const goesOn = next.type === 'run' && next.step.id === this.#running?.id;
		if (!goesOn) this.#abort.abort();
	}

	/** The step that is running holds no more, whatever the battery, the line or the people at the device do. */
	goOnNow(): void {
		this.#urge.abort();
	}

	/** Leaves the step that is running where it is, at once and cleanly, for another tab. */
	suspend(): void {
		this.#suspended = true;
		this.#abort.abort();
	}

	/** Runs until it rests. Rejects when the journal is lost: to another runner, or because it cannot be written. */
	async run(): Promise<Rest> {
		try {
			for (;;) {
				const rest = await this.#advance();
				if (rest) return rest;
			}
		} finally {
			this.#closed = true;
		}
	}

	async #advance(): Promise<Rest | null> {
		const action = nextAction(this.entries);
		// Wishes that are being written may change what is next.
		if (this.#writer.busy) await this.#writer.settled();
		else if (this.#suspended) return this.#rest({ type: 'suspended' });
		else if (action.type === 'wait') return this.#rest({ type: 'waiting', for: action.for });
		else if (action.type === 'stop') return this.#rest({ type: 'ended', outcome: action.outcome });
		else await this.#perform(action);
		return null;
	}

	/** In the same breath as the decision, so that no wish falls in between. */
	#rest(rest: Rest): Rest {
		this.#closed = true;
		return rest;
	}

	async #perform(action: Exclude<NextAction, { type: 'wait' | 'stop' }>): Promise<void> {
		switch (action.type) {
			case 'run':
				await this.#runStep(action);
				break;
			case 'undo':
				await this.#undoStep(action.step);
				break;
			case 'extend-trial':
				await this.#deps.setup.extendTrial(this.planId, action.keepUntil);
				await this.#append(() => [{ type: 'extended' }]);
				break;
			case 'commit':
				await commitUpgrade(this.#deps, this.#writer.state.plan);
				await this.#append(() => [{ type: 'committed' }]);
				break;
			case 'finish-rollback':
				await this.#append(() => [{ type: 'rolled-back' }]);
		}
	}

	async #runStep({ step, resumed }: RunAction): Promise<void> {
		// Set before the first await: a wish from here on finds it.
		const abort = new AbortController();
		this.#abort = abort;
		this.#running = step;
		this.#urge = new AbortController();
		try {
			if (this.#killsTheTab(step)) {
				await this.#append((state) => decisions.failedStarts(state, maxFailedStarts));
				return;
			}
			await this.#append((state) =>
				state.paused || state.rollback ? [] : [{ type: 'step-started', step: step.id }]
			);
			throwIfAborted(abort.signal);
			const result = await this.#doAndVerify(step, resumed, abort.signal);
			await this.#append(() => [{ type: 'step-verified', step: step.id, result }]);
		} catch (error) {
			if (this.#writer.lost) throw error;
			// Paused or stopped: what happened is in the journal already.
			if (!abort.signal.aborted) await this.#fail(step, error);
			else if (this.#suspended) await this.#noteSuspended(step);
		} finally {
			this.#live = null;
			this.#running = null;
		}
	}

	async #doAndVerify(planned: PlannedStep, resumed: boolean, signal: AbortSignal): Promise<Json> {
		const step = bindStep(this.#steps, planned);
		const run = this.#stepRun(planned, signal);
		if (resumed) {
			const verdict = await step.verify(run);
			if (verdict.done) return verdict.result;
		}
		await step.do(run);
		const verdict = await step.verify(run);
		if (verdict.done) return verdict.result;
		throw new AppError('migration/verify-failed', { details: { step: planned.id } });
	}

	async #undoStep(planned: PlannedStep): Promise<void> {
		await this.#append(() => [{ type: 'undo-started', step: planned.id }]);
		const run = this.#stepRun(planned, new AbortController().signal);
		await bindStep(this.#steps, planned).undo(run);
		await this.#append(() => [{ type: 'undo-finished', step: planned.id }]);
	}

	/** A download may be cut short any number of times; a step that loads an engine and dies thrice will not get better. */
	#killsTheTab(step: PlannedStep): boolean {
		const attempts = this.#writer.state.attempts.get(step.id) ?? 0;
		return step.kind !== 'download' && attempts >= maxFailedStarts;
	}

	async #fail(step: PlannedStep, error: unknown): Promise<void> {
		const events: readonly JournalEvent[] = failureEvents(step.id, toAppError(error));
		await this.#append(({ started, paused, rollback }) => {
			if (started.has(step.id)) return events;
			// Its beginning found no room in the journal: it is written with its failure, unless a wish has come in between.
			return paused || rollback ? [] : [{ type: 'step-started', step: step.id }, ...events];
		});
	}

	/** Where the other tab has the journal by now, this one has no more to say. */
	async #noteSuspended(step: PlannedStep): Promise<void> {
		if (!this.#writer.state.started.has(step.id)) return;
		await this.#append(() => [{ type: 'step-suspended', step: step.id }]).catch(() => undefined);
	}

	#stepRun(step: PlannedStep, signal: AbortSignal): StepRun {
		const writer = this.#writer;
		const measure = this.#stopwatch();
		return {
			plan: writer.state.plan,
			signal,
			urged: this.#urge.signal,
			get checkpoint() {
				return writer.state.checkpoints.get(step.id);
			},
			verified: writer.state.results.has(step.id),
			save: (checkpoint, alongside) =>
				this.#append(() => [{ type: 'step-checkpoint', step: step.id, checkpoint }], alongside),
			speed: () => speedOf(writer.state),
			progress: (done, total, effort) => {
				const holding = this.#live?.holding ?? null;
				this.#live = { step: step.id, done, total, holding, ...measure(done, total, effort) };
				this.#onChange();
			},
			holding: (reason) => {
				if ((this.#live?.holding ?? null) === reason) return;
				this.#live = { ...(this.#live ?? atStart(step)), holding: reason };
				this.#onChange();
			}
		};
	}

	/** Measures from the first report of a step on: what a former run did tells nothing of this one's speed. */
	#stopwatch(): (done: number, total: number, effort?: Effort) => Measured {
		const { clock } = this.#deps;
		const items = new RateMeter();
		const work = new RateMeter();
		let last: { readonly done: number; readonly at: number } | null = null;
		return (done, total, effort) => {
			const at = clock.monotonic();
			const ms = last ? at - last.at : 0;
			const made = done - (last?.done ?? done);
			last = { done, at };
			items.add(made, effort?.ms ?? ms);
			work.add(effort?.done ?? made, effort?.ms ?? ms);
			const { perMs } = items;
			return {
				remaining: work.remaining(effort?.left ?? total - done),
				perSecond: perMs === null ? null : perMs * 1000
			};
		};
	}

	async #append(...args: Parameters<JournalWriter['append']>): Promise<void> {
		await this.#writer.append(...args);
		this.#onChange();
	}
}

/** Before its first report. */
function atStart({ id }: PlannedStep): LiveProgress {
	return { step: id, done: 0, total: 0, remaining: null, perSecond: null, holding: null };
}
