import type { Setup, SetupRecord } from '../core/setup.ts';
import type { JournalEntry } from '../migration/journal-entry.ts';
import { readJournal, type JournalState } from '../migration/journal-state.ts';
import type { MigrationJournal } from '../migration/journal.ts';
import { sameChoice } from './engine-on-trial.ts';

/**
 * The setup whose chat engine was in use before the present one: that of the trial, else the one that the newest upgrade
 * which was kept came from. Null when there is none.
 */
export async function previousSetup(
	{ current, trial }: SetupRecord,
	journal: Pick<MigrationJournal, 'all'>
): Promise<Setup | null> {
	if (trial) return trial.previous;
	for (const entries of await journal.all()) {
		const state = readOrNull(entries);
		if (state?.outcome !== 'committed') continue;
		const { from, to } = state.plan;
		const ledHere = sameChoice(to.chat, current.chat) && !sameChoice(from.chat, current.chat);
		if (ledHere) return from;
	}
	return null;
}

/** What cannot be read is told where the history is shown. */
function readOrNull(entries: readonly JournalEntry[]): JournalState | null {
	try {
		return readJournal(entries);
	} catch {
		return null;
	}
}
