import { isGate } from './gate-steps.ts';
import type { JournalEntry } from './journal-entry.ts';
import { readJournal, type JournalState } from './journal-state.ts';
import type { NextAction, Waiting } from './next-action.ts';
import type { PlannedStep } from './plan.ts';

/**
 * The one thing to do next in an upgrade, from its journal alone: this is the whole state machine.
 * Errors: `migration/journal-corrupt`.
 */
export function nextAction(entries: readonly JournalEntry[]): NextAction {
	const state = readJournal(entries);
	if (state.outcome) return { type: 'stop', outcome: state.outcome };
	if (state.rollback) return nextUndo(state);
	if (state.kept) return { type: 'commit' };
	if (state.wantedEnd !== null) return { type: 'extend-trial', keepUntil: state.wantedEnd };

	const step = state.plan.steps.find(({ id }) => !state.results.has(id));
	const waiting = waitsFor(state, step);
	if (!step || waiting) return { type: 'wait', for: waiting ?? 'keep-or-undo' };
	return {
		type: 'run',
		step,
		resumed: state.started.has(step.id),
		checkpoint: state.checkpoints.get(step.id)
	};
}

function nextUndo(state: JournalState): NextAction {
	const step = state.plan.steps.findLast(
		({ id }) => state.started.has(id) && !state.undone.has(id)
	);
	return step ? { type: 'undo', step } : { type: 'finish-rollback' };
}

function waitsFor(state: JournalState, next: PlannedStep | undefined): Waiting | null {
	// After the last step the trial runs: there is nothing left to resume.
	if (!next) return 'keep-or-undo';
	if (state.paused) return 'resume';
	// All comparisons come first: the user decides knowing everything.
	if (state.failedGates.size > 0 && !isGate(next)) return 'gate-decision';
	const asks = next.kind === 'switch' && state.plan.options.switchMoment === 'ask';
	// A switch that has begun may have happened: it is finished, not asked about again.
	if (asks && !state.switchApproved && !state.started.has(next.id)) return 'switch-approval';
	return null;
}
