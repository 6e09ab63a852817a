import type { EngineChoice } from '../core/setup.ts';
import type { Clock } from '../ports/clock.ts';
import type { RecordStore, StoreWrite } from '../ports/record-store.ts';
import type { SessionNotes } from '../ports/session-notes.ts';
import { write } from '../ports/store-write.ts';
import type { EngineRole } from './engine-pool.ts';
import { loadMarkStore, type LoadMark } from './load-mark.ts';

interface Parts {
	readonly records: RecordStore;
	readonly clock: Pick<Clock, 'now' | 'sleep'>;
	readonly sessions: SessionNotes;
}

/** How long the note of a tab that has just been closed may be on its way, milliseconds. */
const patience = 500;

/**
 * The marks of loads under way. They are a safety net only: where one cannot be written, the engine is loaded all the
 * same.
 */
export class LoadMarks {
	readonly #parts: Parts;
	/** Loads under way in this tab, by the key of their mark. */
	readonly #loading = new Map<string, number>();

	constructor(parts: Parts) {
		this.#parts = parts;
	}

	/** On disk when it resolves. */
	async begin(role: EngineRole, choice: EngineChoice): Promise<void> {
		const { clock, sessions } = this.#parts;
		const mark: LoadMark = { role, choice, session: sessions.session, at: clock.now() };
		this.#count(mark, 1);
		await this.#commit([write.put(loadMarkStore, mark)]);
	}

	/** The load has ended, well or in good order. */
	async end(role: EngineRole, choice: EngineChoice): Promise<void> {
		const mark: LoadMark = { role, choice, session: this.#parts.sessions.session, at: 0 };
		if (this.#count(mark, -1) > 0) return;
		await this.#remove([mark]);
	}

	/**
	 * Call when this tab has taken the lead, before it loads anything. Returns the marks of tabs that died while they loaded,
	 * and leaves them; the others are removed.
	 */
	async ofDeadTabs(): Promise<readonly LoadMark[]> {
		const { records, clock, sessions } = this.#parts;
		const isDead = ({ session }: LoadMark): boolean =>
			session !== sessions.session && !sessions.endedWell(session);
		let marks = await records.list(loadMarkStore);
		if (marks.some(isDead)) {
			await clock.sleep(patience);
			marks = await records.list(loadMarkStore);
		}
		await this.#remove(marks.filter((mark) => !isDead(mark)));
		const dead = marks.filter(isDead);
		sessions.clear();
		return dead;
	}

	async forget(marks: readonly LoadMark[]): Promise<void> {
		await this.#remove(marks);
	}

	#count(mark: LoadMark, change: number): number {
		const key = loadMarkStore.keyOf(mark).join('\n');
		const count = (this.#loading.get(key) ?? 0) + change;
		this.#loading.set(key, count);
		return count;
	}

	async #remove(marks: readonly LoadMark[]): Promise<void> {
		if (marks.length === 0) return;
		await this.#commit(marks.map((mark) => write.delete(loadMarkStore, loadMarkStore.keyOf(mark))));
	}

	async #commit(writes: readonly StoreWrite[]): Promise<void> {
		await this.#parts.records.commit(writes).catch(() => undefined);
	}
}
