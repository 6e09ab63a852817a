/** Time, as the app sees it. */
export interface Clock {
	/** Milliseconds since the epoch. May jump: never subtract two of these to order events. */
	now(): number;
	/** Milliseconds on a clock that never goes back. Only differences mean something. */
	monotonic(): number;
	/** Resolves after `ms`; rejects with `cancelled` when the signal aborts first. */
	sleep(ms: number, signal?: AbortSignal): Promise<void>;
}
