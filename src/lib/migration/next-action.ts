import type { Json } from '../core/json.ts';
import type { PlannedStep } from './plan.ts';

/** What the upgrade waits for, while nothing needs to run. */
export type Waiting = 'resume' | 'gate-decision' | 'switch-approval' | 'keep-or-undo';

/** The one thing to do next. The runner performs what this names and nothing else. */
export type NextAction =
	| {
			readonly type: 'run';
			readonly step: PlannedStep;
			readonly resumed: boolean;
			readonly checkpoint: Json | undefined;
	  }
	| { readonly type: 'wait'; readonly for: Waiting }
	| { readonly type: 'undo'; readonly step: PlannedStep }
	| { readonly type: 'extend-trial'; readonly keepUntil: number }
	| { readonly type: 'commit' }
	| { readonly type: 'finish-rollback' }
	| { readonly type: 'stop'; readonly outcome: 'committed' | 'rolled-back' };
