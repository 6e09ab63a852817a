import { newId } from '../core/ids.ts';
import type { SessionNotes } from '../ports/session-notes.ts';

/** The notes of one tab: `new MemorySessionNotes()`; `anotherTab()` shares them; `end()` closes the tab in good order. */
export class MemorySessionNotes implements SessionNotes {
	readonly session = newId();
	readonly #ended: Set<string>;

	constructor(ended = new Set<string>()) {
		this.#ended = ended;
	}

	anotherTab(): MemorySessionNotes {
		return new MemorySessionNotes(this.#ended);
	}

	end(): void {
		this.#ended.add(this.session);
	}

	/** As a page does that the browser had kept. */
	comeBack(): void {
		this.#ended.delete(this.session);
	}

	endedWell(session: string): boolean {
		return this.#ended.has(session);
	}

	clear(): void {
		this.#ended.clear();
	}
}
