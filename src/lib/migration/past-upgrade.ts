import { describeProgress, type StepView } from './describe-progress.ts';
import type { Decider, JournalEntry } from './journal-entry.ts';
import type { MigrationPlan } from './plan.ts';

/** A step as the history shows it. */
export interface PastStep extends StepView {
	/** From its first start to its last check, milliseconds, pauses included; null when it was not finished. */
	readonly ms: number | null;
}

/** One upgrade as the history lists it. */
export interface PastUpgrade {
	readonly plan: MigrationPlan;
	readonly entries: readonly JournalEntry[];
	readonly outcome: 'kept' | 'undone' | 'under way';
	/** Who decided that; null while it is under way, and of upgrades by earlier versions. */
	readonly decidedBy: Decider | null;
	/** Why it went back, in plain words; null otherwise. */
	readonly reason: string | null;
	/** Epoch milliseconds. */
	readonly endedAt: number | null;
	/** Empty where the journal cannot be read. */
	readonly steps: readonly PastStep[];
}

/** Null for a journal that does not begin with its plan. */
export function pastUpgrade(entries: readonly JournalEntry[]): PastUpgrade | null {
	const [first] = entries;
	const last = entries.at(-1);
	if (first?.type !== 'planned' || !last) return null;
	const back = entries.find((entry) => entry.type === 'rollback-requested');
	const kept = entries.find((entry) => entry.type === 'kept');
	const ended = last.type === 'committed' || last.type === 'rolled-back';
	return {
		plan: first.plan,
		entries,
		outcome: last.type === 'committed' ? 'kept' : ended ? 'undone' : 'under way',
		decidedBy: ended ? ((back ?? kept)?.by ?? null) : null,
		reason: back?.message ?? null,
		endedAt: ended ? last.at : null,
		steps: stepsOf(entries)
	};
}

function stepsOf(entries: readonly JournalEntry[]): PastStep[] {
	try {
		return describeProgress(entries, null).steps.map((step) => ({
			...step,
			ms: durationOf(step.id, entries)
		}));
	} catch {
		// What cannot be read any more is still in the log, entry by entry.
		return [];
	}
}

function durationOf(step: string, entries: readonly JournalEntry[]): number | null {
	const began = entries.find((entry) => entry.type === 'step-started' && entry.step === step);
	const ended = entries.findLast((entry) => entry.type === 'step-verified' && entry.step === step);
	return began && ended ? ended.at - began.at : null;
}
