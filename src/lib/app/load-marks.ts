import type { AdapterUse, EngineChoice } from '../core/setup.ts';
import type { Clock } from '../ports/clock.ts';
import type { RecordStore, StoreWrite } from '../ports/record-store.ts';
import type { SessionNotes } from '../ports/session-notes.ts';
import { write } from '../ports/store-write.ts';
import type { EngineRole } from './engine-pool.ts';
import { loadMarkKey, loadMarkStore, type LoadMark } from './load-mark.ts';

type MarkedLoad = Pick<LoadMark, 'role' | 'choice'>;

interface Parts {
	readonly records: RecordStore;
	readonly clock: Pick<Clock, 'now' | 'sleep'>;
	readonly sessions: SessionNotes;
}

/** Marks that earlier tabs have left. */
export interface LeftMarks {
	/** Of tabs that died while they loaded. They stay until they are forgotten. */
	readonly dead: readonly LoadMark[];
	/** Of tabs that were closed or reloaded meanwhile. They are removed. */
	readonly cutShort: readonly LoadMark[];
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
	async begin(
		role: EngineRole,
		choice: EngineChoice,
		counted: boolean,
		adapters: readonly AdapterUse[] = []
	): Promise<void> {
		const { clock, sessions } = this.#parts;
		const { session } = sessions;
		const mark: LoadMark = {
			...{ role, choice, session, counted, at: clock.now() },
			...(adapters.length > 0 && { adapters })
		};
		this.#count(mark, 1);
		await this.#commit([write.put(loadMarkStore, mark)]);
	}

	/** The load has ended, well or in good order. */
	async end(role: EngineRole, choice: EngineChoice): Promise<void> {
		if (this.#count({ role, choice }, -1) > 0) return;
		await this.#remove([{ role, choice }]);
	}

	/** Call when this tab has taken the lead, before it loads anything. */
	async ofEarlierTabs(): Promise<LeftMarks> {
		const { records, clock, sessions } = this.#parts;
		const isDead = ({ session }: LoadMark): boolean =>
			session !== sessions.session && !sessions.endedWell(session);
		let marks = await records.list(loadMarkStore);
		if (marks.some(isDead)) {
			await clock.sleep(patience);
			marks = await records.list(loadMarkStore);
		}
		const dead = marks.filter(isDead);
		const cutShort = marks.filter((mark) => !dead.includes(mark));
		await this.#remove(cutShort);
		sessions.clear();
		return { dead, cutShort };
	}

	async forget(marks: readonly MarkedLoad[]): Promise<void> {
		await this.#remove(marks);
	}

	#count(load: MarkedLoad, change: number): number {
		const key = loadMarkKey(load).join('\n');
		const count = (this.#loading.get(key) ?? 0) + change;
		this.#loading.set(key, count);
		return count;
	}

	async #remove(loads: readonly MarkedLoad[]): Promise<void> {
		if (loads.length === 0) return;
		await this.#commit(loads.map((load) => write.delete(loadMarkStore, loadMarkKey(load))));
	}

	async #commit(writes: readonly StoreWrite[]): Promise<void> {
		await this.#parts.records.commit(writes).catch(() => undefined);
	}
}
