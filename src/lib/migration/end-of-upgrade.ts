import type { JournalEntry } from './journal-entry.ts';

/** The entry that closes the journal of an upgrade; null while it is not over. */
export function endOfUpgrade(entries: readonly JournalEntry[]): JournalEntry | null {
	const last = entries.at(-1);
	return last?.type === 'committed' || last?.type === 'rolled-back' ? last : null;
}
