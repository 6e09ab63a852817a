/** Whether there is a network. A browser that says yes may be wrong; one that says no never is. */
export interface Connectivity {
	readonly online: boolean;
	/** Resolves at once while online, else when the network is back. Rejects with `cancelled` on abort. */
	whenOnline(signal: AbortSignal): Promise<void>;
	/** Calls back when `online` has changed; on a page only, for workers are not told. Returns the function that stops listening. */
	onChange(listener: () => void): () => void;
}
