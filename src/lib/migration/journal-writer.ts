import { AppError, hasCode } from '../core/errors.ts';
import type { PlanId } from '../core/ids.ts';
import type { Clock } from '../ports/clock.ts';
import type { StoreWrite } from '../ports/record-store.ts';
import type { JournalEntry, JournalEvent } from './journal-entry.ts';
import { readJournal, type JournalState } from './journal-state.ts';
import type { MigrationJournal } from './journal.ts';

/** Decides, from the state at its turn, what to write; an empty list writes nothing. May throw to refuse. */
export type Decide = (state: JournalState) => readonly JournalEvent[];

/**
 * Writes one upgrade's journal: one append at a time, each numbered after what it has read. Once an append has
 * failed for another reason than lack of space, this writer has lost the journal and writes no more.
 */
export class JournalWriter {
	readonly #journal: MigrationJournal;
	readonly #clock: Clock;
	readonly #planId: PlanId;
	readonly #entries: JournalEntry[];
	#tail: Promise<unknown> = Promise.resolve();
	#pending = 0;
	#lost: { readonly error: unknown } | null = null;

	constructor(journal: MigrationJournal, clock: Clock, planId: PlanId, entries: JournalEntry[]) {
		this.#journal = journal;
		this.#clock = clock;
		this.#planId = planId;
		this.#entries = entries;
	}

	/** Everything written so far. */
	get entries(): readonly JournalEntry[] {
		return this.#entries;
	}

	get state(): JournalState {
		return readJournal(this.#entries);
	}

	/** True while an append waits or is being written. */
	get busy(): boolean {
		return this.#pending > 0;
	}

	/** True once the journal belongs to someone else or cannot be written: stop at once. */
	get lost(): boolean {
		return this.#lost !== null;
	}

	/** Resolves when all appends asked for so far have been written or have failed. */
	async settled(): Promise<void> {
		await this.#tail;
	}

	/** Writes what `decide` wants when its turn comes; the writes alongside go into the same commit. */
	append(decide: Decide, alongside: readonly StoreWrite[] = []): Promise<void> {
		this.#pending++;
		const turn = this.#tail.then(() => this.#write(decide, alongside));
		this.#tail = turn.then(
			() => this.#pending--,
			() => this.#pending--
		);
		return turn;
	}

	async #write(decide: Decide, alongside: readonly StoreWrite[]): Promise<void> {
		if (this.#lost) throw this.#lost.error;
		const events = decide(this.state);
		if (events.length === 0) return;
		const entries = events.map((event, index) => ({
			...event,
			planId: this.#planId,
			seq: this.#entries.length + index,
			at: this.#clock.now()
		}));
		expectReadable([...this.#entries, ...entries]);
		try {
			await this.#journal.append(entries, alongside);
		} catch (error) {
			if (!hasCode(error, 'storage/quota')) this.#lost = { error };
			throw error;
		}
		this.#entries.push(...entries);
	}
}

/** A journal that cannot be read would end its upgrade for good: better, nothing is written. Errors: `bug`. */
function expectReadable(entries: readonly JournalEntry[]): void {
	try {
		readJournal(entries);
	} catch (cause) {
		throw new AppError('bug', {
			details: { reason: 'what was to be journaled does not follow' },
			cause
		});
	}
}
