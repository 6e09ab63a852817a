import type { ErrorCode } from '../core/error-code.ts';
import type { PlanId } from '../core/ids.ts';
import type { Json } from '../core/json.ts';
import type { MigrationPlan, Speed } from './plan.ts';

/** Who ended an upgrade: the user, or SAM by itself. Not known of upgrades by earlier versions. */
export type Decider = 'user' | 'automatic';

/** What happened in an upgrade, in order. Append-only; the state of an upgrade is a pure function of its entries. */
export type JournalEvent =
	| { readonly type: 'planned'; readonly plan: MigrationPlan }
	| { readonly type: 'step-started'; readonly step: string }
	| { readonly type: 'step-checkpoint'; readonly step: string; readonly checkpoint: Json }
	/** The tab that ran it gave it up to another one, in good order: that attempt does not count. */
	| { readonly type: 'step-suspended'; readonly step: string }
	/** `result` is what later steps and the report page read. */
	| { readonly type: 'step-verified'; readonly step: string; readonly result: Json }
	| {
			readonly type: 'step-failed';
			readonly step: string;
			readonly code: ErrorCode;
			readonly message: string;
	  }
	| { readonly type: 'paused' }
	| { readonly type: 'resumed' }
	/** From now on, this fast. Does not interrupt the step that is running. */
	| { readonly type: 'speed-set'; readonly speed: Speed }
	| { readonly type: 'gate-overridden'; readonly reason: string }
	| { readonly type: 'switch-approved' }
	/** The trial is to end later, epoch milliseconds; then that it does. */
	| { readonly type: 'extension-wanted'; readonly keepUntil: number }
	| { readonly type: 'extended' }
	/** From a failed step, the user's Stop or Undo, or failed starts of the new engine. */
	| {
			readonly type: 'rollback-requested';
			readonly code: ErrorCode;
			readonly message: string;
			readonly by?: Decider;
	  }
	| { readonly type: 'undo-started'; readonly step: string }
	| { readonly type: 'undo-finished'; readonly step: string }
	/** Keep: the trial ended well. */
	| { readonly type: 'kept'; readonly by?: Decider }
	| { readonly type: 'committed' }
	| { readonly type: 'rolled-back' };

export type JournalEntry = JournalEvent & {
	readonly planId: PlanId;
	readonly seq: number;
	readonly at: number;
};
