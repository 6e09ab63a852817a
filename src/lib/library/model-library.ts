import type { ModelId } from '../core/ids.ts';
import type { LocalFile, ModelAddress } from './add/model-address.ts';
import type { ModelFinding } from './add/model-finding.ts';
import type { CatalogEntry } from './catalog/catalog-entry.ts';
import type { DownloadSettings } from './download/download-settings.ts';
import type { FoundFiles, ListedFile } from './files/listed-file.ts';
import type { FrozenModel } from './frozen-model.ts';
import type { ModelListing } from './library-api.ts';

/** Bytes so far, of so many. */
export type OnBytes = (done: number, total: number) => void;

/** What the app can do with models, the same here and from another thread. */
export interface ModelLibrary {
	/** Every model on offer and on this device, the catalog's in its order, then the added ones. */
	listings(): Promise<ModelListing[]>;
	/** True for built-in models too. */
	isInstalled(model: ModelId): Promise<boolean>;
	/**
	 * Pins a model to the byte. Asks its publisher's host where the catalog does not know all digests, and remembers the
	 * answer: the same files will be downloaded days later. Downloads no weights.
	 * Errors: those of `ModelHub.read`, `hub/file-missing`, `hub/disagrees`, `library/not-installed` for an unknown id.
	 */
	freeze(model: ModelId, signal: AbortSignal): Promise<FrozenModel>;
	/**
	 * Puts a model into the queue and resolves once it can be loaded. Goes on where an earlier run stopped; one model at
	 * a time. While there is no network it waits. On a failure what is stored stays and the model is paused.
	 * Errors: `cancelled`, `download/*`, `library/no-room`, `storage/quota`, `add/files-needed`, those of `freeze`.
	 */
	install(model: ModelId, onBytes: OnBytes, signal: AbortSignal): Promise<void>;
	/** Stops an install or a check that is running or waiting; it rejects with `cancelled`. Resolves when it has. */
	pause(model: ModelId): Promise<void>;
	/** Changes places with the one before or after it in the queue. Does nothing at its ends. */
	move(model: ModelId, where: 'earlier' | 'later'): Promise<void>;
	/** Goes on with every download that was queued or under way when the app was closed. Does not wait for them. */
	resumeAll(): Promise<void>;
	/**
	 * Reads every byte again and fetches anew what is damaged. Resolves with the number of damaged parts, all repaired.
	 * Errors: `storage/corrupt` when they could not be; the model is then paused and cannot be loaded.
	 */
	verify(model: ModelId, onBytes: OnBytes, signal: AbortSignal): Promise<number>;
	/** Compares what should be stored with what is, without reading it. Models with gaps are paused as damaged. Returns their ids. */
	audit(): Promise<ModelId[]>;
	/**
	 * Deletes the model and what has been downloaded of it; `usedBy` names what needs it. Returns the bytes given back.
	 * Errors: `library/in-use` when `usedBy` is not empty.
	 */
	remove(model: ModelId, usedBy: readonly string[]): Promise<number>;
	/** Deletes parts that nothing uses. Returns how many. */
	collectOrphans(): Promise<number>;
	/** Asks the publishers of installed models that follow a branch for its commit. Returns the entries with a newer one. */
	checkForUpdates(signal: AbortSignal): Promise<number>;
	/**
	 * Looks at what lies at an address or in a folder, without downloading weights.
	 * Errors: `add/bad-address`, `add/not-a-model` with the exact reason, those of `ModelHub.read`.
	 */
	inspect(address: ModelAddress, signal: AbortSignal): Promise<ModelFinding>;
	/**
	 * Takes a variant of that finding into the list, `entry` as corrected by the user. Files of this machine are hashed.
	 * Returns its id, for `install`. Errors: those of `freeze`, `add/files-needed` when the finding is gone.
	 */
	add(
		finding: string,
		entry: CatalogEntry,
		onBytes: OnBytes,
		signal: AbortSignal
	): Promise<ModelId>;
	/** Hands the files of a paused local model in again after a reload: it can go on then. */
	giveFiles(model: ModelId, files: readonly LocalFile[]): Promise<void>;
	/**
	 * Writes the model's files and `sam-model.json` into the folder, verified on the way; `inspect` reads such a folder.
	 * Errors: `library/not-installed`, `library/export-failed`, `storage/*`, `cancelled`.
	 */
	exportTo(
		model: ModelId,
		folder: FileSystemDirectoryHandle,
		onBytes: OnBytes,
		signal: AbortSignal
	): Promise<void>;
	/**
	 * Lists what lies at an address that is no model's: a repository at its commit, or those of the `likely` files that a
	 * folder of the web has. Errors: those of `findFiles`.
	 */
	findFiles(address: string, likely: readonly string[], signal: AbortSignal): Promise<FoundFiles>;
	/**
	 * The bytes of one of them, as listed, `limit` at most. Nothing is stored; what has come of a file before it was
	 * interrupted or stopped is gone on with by the next call. Errors: those of `fetchFile`.
	 */
	fetchFile(file: ListedFile, limit: number, onBytes: OnBytes, signal: AbortSignal): Promise<Blob>;
	/** Gives up what has come of files whose fetch was interrupted, or is under way and will be. */
	forgetFetched(): Promise<void>;
	/**
	 * What the browser still grants, in bytes; null where it does not tell. Where `atLeast` bytes do not really fit,
	 * whatever it tells: about as much as does.
	 */
	freeBytes(atLeast?: number): Promise<number | null>;
	/** Takes effect for what is read from now on. */
	configure(settings: DownloadSettings): Promise<void>;
}
