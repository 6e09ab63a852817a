import { describeProgress, type StepView } from './describe-progress.ts';
import { endOfUpgrade } from './end-of-upgrade.ts';
import type { Decider, JournalEntry } from './journal-entry.ts';
import { describeEntry } from './migration-log.ts';
import type { MigrationPlan } from './plan.ts';

/** One upgrade as the history lists it. */
export interface PastUpgrade {
	readonly plan: MigrationPlan;
	readonly outcome: 'kept' | 'undone' | 'under way';
	/** Who decided that; null while it is under way, and of upgrades by earlier versions. */
	readonly decidedBy: Decider | null;
	/** Why it went back, in plain words; null otherwise. */
	readonly reason: string | null;
	/** Epoch milliseconds. */
	readonly endedAt: number | null;
}

/** A step as the history shows it. */
export interface PastStep extends StepView {
	/** From its first start to its last check, milliseconds, pauses included; null when it was not finished. */
	readonly ms: number | null;
}

/** What was decided on the way. */
export interface PastDecision {
	/** Epoch milliseconds. */
	readonly at: number;
	/** `The quality gate was overridden: I looked at it myself.` */
	readonly text: string;
}

/** What the history shows of one upgrade when somebody asks. */
export interface PastDetails {
	/** Empty where the journal cannot be read. */
	readonly steps: readonly PastStep[];
	readonly decisions: readonly PastDecision[];
}

/** Of its first entry and its last ones. Null for a journal that does not begin with its plan. */
export function pastUpgrade(entries: readonly JournalEntry[]): PastUpgrade | null {
	const [first] = entries;
	if (first?.type !== 'planned') return null;
	const back = entries.find((entry) => entry.type === 'rollback-requested');
	const kept = entries.find((entry) => entry.type === 'kept');
	const end = endOfUpgrade(entries);
	return {
		plan: first.plan,
		outcome: end ? (end.type === 'committed' ? 'kept' : 'undone') : 'under way',
		decidedBy: end ? ((back ?? kept)?.by ?? null) : null,
		reason: back?.message ?? null,
		endedAt: end?.at ?? null
	};
}

/** Of all entries of one upgrade. */
export function pastDetails(entries: readonly JournalEntry[]): PastDetails {
	const [first] = entries;
	const plan = first?.type === 'planned' ? first.plan : null;
	return {
		steps: stepsOf(entries),
		decisions: entries
			.filter(({ type }) => decisions.has(type))
			.map((entry) => ({ at: entry.at, text: describeEntry(entry, plan) }))
	};
}

const decisions: ReadonlySet<JournalEntry['type']> = new Set<JournalEntry['type']>([
	'paused',
	'resumed',
	'speed-set',
	'gate-overridden',
	'switch-approved',
	'extension-wanted',
	'rollback-requested',
	'kept'
]);

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
