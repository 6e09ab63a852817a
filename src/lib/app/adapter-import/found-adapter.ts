import type { ModelFiles } from '../../adapters/model-files.ts';

/** A folder with an adapter in it, before it has been read. */
export interface FoundAdapter {
	/** Different for each adapter of one look: `checkpoint-500`; empty where it lies at the top. */
	readonly folder: string;
	/** A name to begin with. */
	readonly name: string;
	/** Where it came from, for people: a folder, a file, an address with its commit. */
	readonly source: string;
	/** Of its files, as far as that is known before they are read. */
	readonly bytes: number | null;
	/**
	 * Its files, with bare names. What lies elsewhere is fetched when it is opened, once, and gone on with where an earlier
	 * call was interrupted; `onBytes` hears of it, of fewer bytes again where a file has changed there meanwhile.
	 */
	files(onBytes: OnAdapterBytes, signal: AbortSignal): ModelFiles;
}

/** Bytes so far; `total` is null where nobody tells. */
export type OnAdapterBytes = (done: number, total: number | null) => void;
