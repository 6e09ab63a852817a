import type { JournalEntry, JournalEvent } from '../migration/journal-entry.ts';
import type { MigrationPlan } from '../migration/plan.ts';

/** The journal of a plan and these events, as if they had been written one after the other. */
export function journalOf(plan: MigrationPlan, ...events: readonly JournalEvent[]): JournalEntry[] {
	const all: readonly JournalEvent[] = [{ type: 'planned', plan }, ...events];
	return all.map((event, seq) => ({ ...event, planId: plan.id, seq, at: 1000 + seq }));
}

/** The events of steps that went well, one after the other. */
export function verified(...steps: readonly string[]): JournalEvent[] {
	return steps.flatMap((step) => [
		{ type: 'step-started', step },
		{ type: 'step-verified', step, result: {} }
	]);
}
