/** Mutual exclusion across tabs and workers of this origin. A lock dies with whoever holds it. */
export interface Locks {
	/** Waits for the lock, holds it while `run` is running. Rejects with `cancelled` when the signal aborts while waiting. */
	hold<T>(name: string, run: () => Promise<T>, options?: HoldOptions): Promise<T>;
	/** Runs at once if the lock is free, else tells so without waiting. */
	tryHold<T>(
		name: string,
		run: () => Promise<T>
	): Promise<{ held: true; value: T } | { held: false }>;
}

export interface HoldOptions {
	readonly signal?: AbortSignal;
	/** Takes the lock from whoever holds it; their `run` goes on, so they must be told by other means. */
	readonly steal?: boolean;
}
