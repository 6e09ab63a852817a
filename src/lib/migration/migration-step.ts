import type { Json } from '../core/json.ts';
import type { StoreWrite } from '../ports/record-store.ts';
import type { MigrationPlan, Speed, StepKind, StepParams } from './plan.ts';

/** Work since the last report, in any unit that time goes with, what is left of it, and the milliseconds it took. */
export interface Effort {
	readonly done: number;
	readonly left: number;
	readonly ms: number;
}

/** What a step gets for one run of it. */
export interface StepRun {
	readonly plan: MigrationPlan;
	/** Aborts when the user pauses or stops: leave promptly with `cancelled`. Never aborts while undoing. */
	readonly signal: AbortSignal;
	/** What the latest `save` of this step kept, also from before a crash. */
	readonly checkpoint: Json | undefined;
	/** Aborts when the user wants the step to hold for nothing any more: for this run of it. */
	readonly urged: AbortSignal;
	/** True when the step had been verified; matters to `undo`. */
	readonly verified: boolean;
	/** Journals how far the step is. The writes alongside become visible with it, or not at all. */
	save(checkpoint: Json, alongside?: readonly StoreWrite[]): Promise<void>;
	/** As it is wanted at this moment: it may change while the step runs. */
	speed(): Speed;
	/**
	 * For the progress bar; kept nowhere. `effort` makes the estimate better where items differ or the step has waited:
	 * without it, items are alike and all time since the last report was needed for them.
	 */
	progress(done: number, total: number, effort?: Effort): void;
	/** Why the step waits by itself, a whole sentence for people; null when it goes on. Kept nowhere. */
	holding(reason: string | null): void;
}

/** Whether a step's effect is there; `result` is journaled for later steps and for the report. */
export type Verdict = { readonly done: true; readonly result: Json } | { readonly done: false };

/** One kind of step. All three may be run again after a crash at any point, and then end the same way. */
export interface MigrationStep<Kind extends StepKind> {
	do(params: StepParams[Kind], run: StepRun): Promise<void>;
	/** Looks at the world and changes nothing. Decides after a crash whether `do` had finished. */
	verify(params: StepParams[Kind], run: StepRun): Promise<Verdict>;
	/** Succeeds whether `do` never ran, ran halfway, or ran to its end. */
	undo(params: StepParams[Kind], run: StepRun): Promise<void>;
}
