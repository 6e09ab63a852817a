import type { PlanId } from '../core/ids.ts';
import type { RecordStore, StoreWrite } from '../ports/record-store.ts';
import { write } from '../ports/store-write.ts';
import type { JournalEntry } from './journal-entry.ts';
import { journalStore } from './migration-records.ts';

/** More than the entries of an undo: the decision before it is among them. */
const outlineLength = 64;

/** The journals of all upgrades, append-only. */
export class MigrationJournal {
	readonly #records: RecordStore;

	constructor(records: RecordStore) {
		this.#records = records;
	}

	/**
	 * Adds entries, and the writes alongside, all or none; resolves once they are on disk.
	 * Errors: `storage/conflict` when another runner has written one of these entries first.
	 */
	async append(
		entries: readonly JournalEntry[],
		alongside: readonly StoreWrite[] = []
	): Promise<void> {
		const rows = entries.map((entry) => write.add(journalStore, entry));
		await this.#records.commit([...rows, ...alongside], { durability: 'strict' });
	}

	/** The entries of one upgrade in order; empty when there is no such upgrade. */
	async read(planId: PlanId): Promise<JournalEntry[]> {
		return this.#records.list(journalStore, { prefix: [planId] });
	}

	/** The upgrade that has neither been committed nor rolled back. There is at most one. */
	async unfinished(): Promise<PlanId | null> {
		for (const planId of await this.#planIds()) {
			const [last] = await this.#records.list(journalStore, {
				prefix: [planId],
				reverse: true,
				limit: 1
			});
			if (last && last.type !== 'committed' && last.type !== 'rolled-back') return planId;
		}
		return null;
	}

	/** Every upgrade's entries, the newest upgrade first. */
	async all(): Promise<JournalEntry[][]> {
		const journals: JournalEntry[][] = [];
		for (const planId of await this.#planIds()) journals.push(await this.read(planId));
		return journals.sort((a, b) => (b[0]?.at ?? 0) - (a[0]?.at ?? 0));
	}

	/**
	 * Of every upgrade its first entry and its last ones, the newest upgrade first: enough to tell what was planned and how it
	 * ended, however many checkpoints lie between.
	 */
	async outlines(): Promise<JournalEntry[][]> {
		const outlines: JournalEntry[][] = [];
		for (const planId of await this.#planIds()) {
			const [first] = await this.#records.list(journalStore, { prefix: [planId], limit: 1 });
			const last = await this.#records.list(journalStore, {
				prefix: [planId],
				reverse: true,
				limit: outlineLength
			});
			const rest = last.reverse().filter(({ seq }) => seq !== first?.seq);
			outlines.push(first ? [first, ...rest] : rest);
		}
		return outlines.sort((a, b) => (b[0]?.at ?? 0) - (a[0]?.at ?? 0));
	}

	/** One short read for each upgrade, however many entries it has. */
	async #planIds(): Promise<PlanId[]> {
		const ids: PlanId[] = [];
		for (;;) {
			const last = ids.at(-1);
			const [row] = await this.#records.list(journalStore, {
				limit: 1,
				...(last === undefined ? {} : { after: [last, Number.MAX_SAFE_INTEGER] as const })
			});
			if (!row) return ids;
			ids.push(row.planId);
		}
	}
}
