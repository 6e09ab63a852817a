import { newId } from '../core/ids.ts';
import type { SessionNotes } from '../ports/session-notes.ts';

const prefix = 'sam-ended/';

export interface LocalSessionNotesOptions {
	readonly session?: string;
	/** What tells that the page is left. Default: the window. */
	readonly scope?: Pick<EventTarget, 'addEventListener'>;
}

/** One key of `localStorage` for each session that has ended: the only storage that a page can write while it is left. */
export class LocalSessionNotes implements SessionNotes {
	readonly session: string;

	constructor({ session = newId(), scope = globalThis }: LocalSessionNotesOptions = {}) {
		this.session = session;
		const key = prefix + session;
		scope.addEventListener('pagehide', () => attempt(() => localStorage.setItem(key, '')));
		// A page that comes back from the browser's cache has not ended after all.
		scope.addEventListener('pageshow', () => attempt(() => localStorage.removeItem(key)));
	}

	endedWell(session: string): boolean {
		return attempt(() => localStorage.getItem(prefix + session) !== null) ?? false;
	}

	clear(): void {
		attempt(() => {
			for (const key of Object.keys(localStorage)) {
				if (key.startsWith(prefix)) localStorage.removeItem(key);
			}
		});
	}
}

/** Undefined where the browser refuses: then no session is known to have ended well. */
function attempt<T>(work: () => T): T | undefined {
	try {
		return work();
	} catch {
		return undefined;
	}
}
