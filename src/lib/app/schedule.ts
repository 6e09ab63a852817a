import { hasCode } from '../core/errors.ts';
import type { MigrationPlan, PlanResult, UpgradeOptions } from '../migration/plan.ts';
import type { Clock } from '../ports/clock.ts';
import type { DeviceConditions } from '../ports/device-conditions.ts';
import type { RecordStore, StoreWrite } from '../ports/record-store.ts';
import { write } from '../ports/store-write.ts';
import { shownError } from './shown-error.ts';
import {
	scheduledStore,
	type ScheduledUpgrade,
	type ScheduleProblem
} from './scheduled-upgrade.ts';
import { isTimeToStart, type StartCondition } from './start-condition.ts';
import type { EngineWish } from './upgrade-desk.ts';

interface Parts {
	readonly records: RecordStore;
	readonly clock: Clock;
	readonly conditions: DeviceConditions;
	/**
	 * Starts an upgrade, and makes these writes together with the first entry of its journal. Resolves when it rests.
	 * Errors: `storage/conflict` when an upgrade of that id has been started before.
	 */
	readonly start: (plan: MigrationPlan, alongside: readonly StoreWrite[]) => Promise<unknown>;
	readonly replan: (
		wish: EngineWish,
		options: UpgradeOptions,
		signal: AbortSignal
	) => Promise<PlanResult>;
	/** The row has changed: other tabs want to know. */
	readonly onChange: () => void;
}

/** What the device tells by itself is heard at once; time that passes is looked at so often. */
const lookEveryMs = 30_000;
/** After a failure, so that a refusal is not asked for twice a minute all night. */
const retryAfterMs = 3_600_000;

/**
 * The one upgrade that is to start later. It is kept over restarts, and starts while `watch` runs: in the tab that leads.
 * Its row goes with the write that begins its journal, under an id that it has had from the beginning: it is started
 * once, or still scheduled, wherever a crash falls.
 */
export class Schedule {
	readonly #parts: Parts;
	readonly #listeners = new Set<(problem: ScheduleProblem) => void>();
	/** Wakes `watch` before its time. */
	#wake: () => void = () => undefined;

	constructor(parts: Parts) {
		this.#parts = parts;
	}

	/** Calls when it was time, and it could not be started. Returns the function that stops listening. */
	onProblem(listener: (problem: ScheduleProblem) => void): () => void {
		this.#listeners.add(listener);
		return () => this.#listeners.delete(listener);
	}

	/** Null when nothing is scheduled. */
	async read(): Promise<ScheduledUpgrade | null> {
		return (await this.#parts.records.get(scheduledStore, 'next')) ?? null;
	}

	/** Takes the place of what was scheduled before. */
	async set(wish: EngineWish, plan: MigrationPlan, when: StartCondition): Promise<void> {
		const createdAt = this.#parts.clock.now();
		await this.#put({ id: 'next', version: 1, wish, plan, when, createdAt, problem: null });
		this.#wake();
	}

	/** Idempotent. An upgrade that has started goes on. */
	async cancel(): Promise<void> {
		await this.#parts.records.commit([write.delete(scheduledStore, 'next')]);
		this.#parts.onChange();
	}

	/** Starts what is scheduled when it is time, until the signal aborts. Only in the tab that leads. Never rejects. */
	async watch(signal: AbortSignal): Promise<void> {
		const stopListening = this.#parts.conditions.onChange(() => this.#wake());
		try {
			while (!signal.aborted) {
				const awake = new Promise<void>((resolve) => (this.#wake = resolve));
				await this.#look(signal);
				await this.#sleep(awake, signal);
			}
		} finally {
			stopListening();
		}
	}

	async #look(signal: AbortSignal): Promise<void> {
		try {
			const scheduled = await this.read();
			if (scheduled && this.#isDue(scheduled)) await this.#start(scheduled, signal);
		} catch {
			// A database that cannot be read now is read again later; whoever needs it says so.
		}
	}

	/** Also when the clock was set back since it failed. */
	#isDue({ when, problem }: ScheduledUpgrade): boolean {
		const { clock, conditions } = this.#parts;
		const now = clock.now();
		const failedLately = problem && now >= problem.at && now < problem.at + retryAfterMs;
		return !failedLately && isTimeToStart(when, { now, device: conditions.now() });
	}

	async #start(scheduled: ScheduledUpgrade, signal: AbortSignal): Promise<void> {
		const { start, replan, onChange } = this.#parts;
		try {
			const result = await replan(scheduled.wish, scheduled.plan.options, signal);
			if (!(await this.#isStill(scheduled)) || signal.aborted) return;
			if (!result.ok) {
				const { message, instead } = result.refusal;
				await this.#fail(scheduled, message, instead);
				return;
			}
			// Under the id of the reviewed plan the journal takes it once and never again.
			const plan = { ...result.plan, id: scheduled.plan.id };
			await start(plan, [write.delete(scheduledStore, 'next')]).finally(onChange);
		} catch (error) {
			await this.#failed(scheduled, error, signal);
		}
	}

	async #failed(scheduled: ScheduledUpgrade, error: unknown, signal: AbortSignal): Promise<void> {
		// The row is gone when it has begun: what goes wrong with it then is told where it is shown.
		if (signal.aborted || !(await this.#isStill(scheduled))) return;
		const shown = shownError(error);
		if (hasCode(error, 'storage/conflict')) await this.cancel();
		else if (shown) await this.#fail(scheduled, shown.message, shown.advice);
	}

	async #fail(scheduled: ScheduledUpgrade, message: string, advice: string): Promise<void> {
		const problem = { message, advice, at: this.#parts.clock.now() };
		await this.#put({ ...scheduled, problem });
		for (const listener of this.#listeners) listener(problem);
	}

	async #sleep(awake: Promise<void>, signal: AbortSignal): Promise<void> {
		const woken = new AbortController();
		void awake.then(() => woken.abort());
		const ends = AbortSignal.any([signal, woken.signal]);
		await this.#parts.clock.sleep(lookEveryMs, ends).catch(() => undefined);
	}

	/** Neither cancelled nor replaced meanwhile. */
	async #isStill({ plan }: ScheduledUpgrade): Promise<boolean> {
		return (await this.read())?.plan.id === plan.id;
	}

	async #put(row: ScheduledUpgrade): Promise<void> {
		await this.#parts.records.commit([write.put(scheduledStore, row)], { durability: 'strict' });
		this.#parts.onChange();
	}
}
