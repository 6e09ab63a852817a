import type { ErrorCode } from '../core/error-code.ts';
import { AppError } from '../core/errors.ts';
import type { Trial } from '../core/setup.ts';
import type { JournalEvent } from './journal-entry.ts';
import type { JournalState } from './journal-state.ts';
import type { Speed } from './plan.ts';

/** Starts that may fail before the old engine is taken back. */
export const maxFailedStarts = 3;

/**
 * What each wish of the user writes into the journal, given its state. A wish that is fulfilled already writes
 * nothing. Errors: `migration/refused` for one that comes too early or too late.
 */
export const decisions = {
	pause(state: JournalState): readonly JournalEvent[] {
		const idle = state.paused || isOver(state) || allVerified(state);
		return idle ? [] : [{ type: 'paused' }];
	},

	resume(state: JournalState): readonly JournalEvent[] {
		return state.paused ? [{ type: 'resumed' }] : [];
	},

	setSpeed(state: JournalState, speed: Speed): readonly JournalEvent[] {
		const settled = isOver(state) || speedOf(state) === speed;
		return settled ? [] : [{ type: 'speed-set', speed }];
	},

	overrideGate(state: JournalState, reason: string): readonly JournalEvent[] {
		if (state.failedGates.size === 0 || isOver(state)) return [];
		return [{ type: 'gate-overridden', reason }];
	},

	approveSwitch(state: JournalState): readonly JournalEvent[] {
		return state.switchApproved || isOver(state) ? [] : [{ type: 'switch-approved' }];
	},

	keep(state: JournalState): readonly JournalEvent[] {
		if (state.kept) return [];
		if (state.rollback) throw refused('it is going back to the previous engine already');
		if (!allVerified(state)) throw refused('it has not switched yet');
		return [{ type: 'kept', by: 'user' }];
	},

	/** The trial ends then, epoch milliseconds. */
	keepLonger(state: JournalState, keepUntil: number): readonly JournalEvent[] {
		if (isOver(state) || !allVerified(state)) throw refused('there is no trial to extend');
		return state.wantedEnd === keepUntil ? [] : [{ type: 'extension-wanted', keepUntil }];
	},

	/** The user's Stop before the switch, or Undo after it: both end in the old setup. */
	goBack(state: JournalState, code: ErrorCode, message: string): readonly JournalEvent[] {
		if (state.rollback) return [];
		if (state.kept) throw refused('it has been kept; upgrade back instead');
		return [{ type: 'rollback-requested', code, message, by: 'user' }];
	},

	/** A trial whose engines do not start is undone; one past its date is kept. */
	atBoot(state: JournalState, trial: Trial, now: number): readonly JournalEvent[] {
		if (trial.unprovenStarts >= maxFailedStarts) {
			return decisions.failedStarts(state, trial.unprovenStarts);
		}
		const expired = trial.keepUntil < now && allVerified(state) && !isOver(state);
		return expired ? [{ type: 'kept', by: 'automatic' }] : [];
	},

	failedStarts(state: JournalState, tries: number): readonly JournalEvent[] {
		if (isOver(state)) return [];
		const { code, message } = new AppError('migration/failed-starts', { details: { tries } });
		return [{ type: 'rollback-requested', code, message, by: 'automatic' }];
	}
};

/** How fast it is to go now. */
export function speedOf(state: JournalState): Speed {
	return state.speed ?? state.plan.options.speed;
}

/** True once every step has been done: the trial runs, or is over. */
function allVerified(state: JournalState): boolean {
	return state.plan.steps.every(({ id }) => state.results.has(id));
}

function isOver(state: JournalState): boolean {
	return state.rollback !== null || state.kept || state.outcome !== null;
}

function refused(reason: string): AppError {
	return new AppError('migration/refused', { details: { reason } });
}
