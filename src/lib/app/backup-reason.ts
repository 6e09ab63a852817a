import type { JournalEntry } from '../migration/journal-entry.ts';
import type { SnapshotRow } from '../migration/migration-records.ts';
import { sameChoice } from './engine-on-trial.ts';

/** Why a backup was taken, in a few words. The journal is that of the upgrade that took it. */
export function backupReason(
	{ reason = 'upgrade' }: Pick<SnapshotRow, 'reason'>,
	journal: readonly JournalEntry[] | undefined
): string {
	if (reason === 'by-hand') return 'By hand';
	if (reason === 'restore') return 'Before another backup was put back';
	const [first] = journal ?? [];
	if (first?.type !== 'planned') return 'Before an upgrade';
	const { from, to } = first.plan;
	const names = [
		...(sameChoice(from.chat, to.chat) ? [] : [to.chat.name]),
		...(sameChoice(from.embedding, to.embedding) ? [] : [to.embedding.name])
	];
	if (names.length === 0) return 'Before the index was rebuilt';
	return `Before the upgrade to ${[...new Set(names)].join(' and ')}`;
}
