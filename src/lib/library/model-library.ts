import type { ModelId } from '../core/ids.ts';
import type { ModelListing } from './library-api.ts';
import type { OnBytes } from './model-installer.ts';

/** What the app can do with models, the same here and from another thread. */
export interface ModelLibrary {
	/** Every model of the catalog, in its order, with its state at this moment. */
	listings(): Promise<ModelListing[]>;
	/** True for built-in models too. */
	isInstalled(model: ModelId): Promise<boolean>;
	/**
	 * Resolves once the model can be loaded. Goes on where an earlier run stopped; one model at a time, others wait.
	 * On any failure what is stored stays and the model is paused.
	 * Errors: `cancelled`, `download/*`, `storage/quota`, `library/not-installed` for a model that no catalog has.
	 */
	install(model: ModelId, onBytes: OnBytes, signal: AbortSignal): Promise<void>;
	/** Stops an install or a check that is running or waiting; it rejects with `cancelled`. Resolves when it has. */
	pause(model: ModelId): Promise<void>;
	/**
	 * Reads every byte again and fetches anew what is damaged. Resolves with the number of damaged parts, all repaired.
	 * Errors: `storage/corrupt` when they could not be; the model is then paused and cannot be loaded.
	 */
	verify(model: ModelId, onBytes: OnBytes, signal: AbortSignal): Promise<number>;
	/**
	 * Deletes the model and what has been downloaded of it; `usedBy` names what needs it. Returns the bytes given back.
	 * Errors: `library/in-use` when `usedBy` is not empty.
	 */
	remove(model: ModelId, usedBy: readonly string[]): Promise<number>;
	/** Deletes parts that nothing uses. Returns how many. */
	collectOrphans(): Promise<number>;
}
