/**
 * Which tabs have ended in good order. A tab that is closed or reloaded gets no chance to wait for a database; one that is
 * killed gets no chance at all, and that is how the two are told apart.
 */
export interface SessionNotes {
	/** Of this tab, from one load of the page to the next. */
	readonly session: string;
	/** True when that tab was closed, reloaded or left. A tab that has just ended may be known a moment later. */
	endedWell(session: string): boolean;
	/** Forgets every session that has ended until now. */
	clear(): void;
}
