import type { ErrorCode } from '../core/error-code.ts';
import type { EntryId, ModelId, Sha256 } from '../core/ids.ts';
import type { ModelSpec } from '../core/model-spec.ts';
import type { StoreOf } from '../ports/record-store.ts';
import type { CatalogEntry } from './catalog/catalog-entry.ts';
import type { FrozenModel, ModelAbout } from './frozen-model.ts';

/** A file kept as parts; its key in the blob store is `<sha256>/<part number>`. */
export interface StoredFile {
	readonly path: string;
	readonly bytes: number;
	readonly sha256: Sha256;
	readonly partBytes: number;
	/** SHA-256 of each part, in order. */
	readonly parts: readonly Sha256[];
}

/** Written last, in one write, when every byte has been verified. Only then is a model visible. */
export interface ManifestRow {
	readonly model: ModelId;
	readonly spec: ModelSpec;
	/** Absent in rows of database version 1. */
	readonly about?: ModelAbout;
	readonly files: readonly StoredFile[];
	readonly installedAt: number;
	readonly verifiedAt: number;
}

export const manifestStore: StoreOf<ManifestRow, ModelId> = {
	name: 'manifests',
	keyOf: (row) => row.model
};

/**
 * Progress of one file's download, whichever models want it. A part is in the blob store if its digest stands here:
 * blob first, row second.
 */
export interface DownloadRow {
	readonly sha256: Sha256;
	readonly bytes: number;
	readonly partBytes: number;
	/** SHA-256 of each part that is stored; null, or beyond the end, for those that are not. */
	readonly parts: readonly (Sha256 | null)[];
	/** Running hash over the first `hashed` parts; null at the start. */
	readonly hashState: Uint8Array<ArrayBuffer> | null;
	/** Absent in rows of database version 1: all of `parts`. */
	readonly hashed?: number;
	/** Where the stored parts are from, and what that host said of the file (ETag or Last-Modified). */
	readonly validator: string | null;
	readonly url: string;
}

export const downloadStore: StoreOf<DownloadRow, Sha256> = {
	name: 'downloads',
	keyOf: (row) => row.sha256
};

/** A model that is frozen but not installed: chosen, queued, under way, paused, or damaged. */
export interface WantedRow {
	readonly id: ModelId;
	readonly model: FrozenModel;
	readonly frozenAt: number;
	/** Place in the queue of downloads, lower first; null while nobody has asked for the download. */
	readonly place: number | null;
	/** True: goes on only when the user says so. */
	readonly paused: boolean;
	/** Bytes that were verified once and have been lost or damaged since; 0 for a model that never was installed. */
	readonly damagedBytes: number;
	/** Why the last attempt stopped. */
	readonly error: ModelProblem | null;
}

export const wantedStore: StoreOf<WantedRow, ModelId> = {
	name: 'wanted',
	keyOf: (row) => row.id
};

/** An error as a row and a page can keep it. */
export interface ModelProblem {
	readonly code: ErrorCode;
	/** A whole sentence. */
	readonly message: string;
	readonly advice: string;
}

export type ModelState =
	/** In the bundle: nothing to download. */
	| { readonly at: 'built-in' }
	/** On a server of the user's, which is asked there: nothing to download. `origin`: `http://localhost:11434`. */
	| { readonly at: 'remote'; readonly origin: string }
	| { readonly at: 'available' }
	/** Waits for the downloads before it, or for the network. */
	| {
			readonly at: 'queued';
			readonly done: number;
			readonly total: number;
			readonly waitsFor: 'turn' | 'network';
			/** Its place among those that wait, lower first; with gaps. */
			readonly place: number;
	  }
	| {
			readonly at: 'downloading';
			readonly done: number;
			readonly total: number;
			/** Over the last seconds; null at the beginning. */
			readonly bytesPerSecond: number | null;
	  }
	| { readonly at: 'verifying'; readonly done: number; readonly total: number }
	/** Stopped by the user or by an error; with `damagedBytes`, it was installed and can be repaired. */
	| {
			readonly at: 'paused';
			readonly done: number;
			readonly total: number;
			readonly damagedBytes: number;
			readonly error: ModelProblem | null;
	  }
	| {
			readonly at: 'installed';
			readonly bytes: number;
			readonly installedAt: number;
			readonly verifiedAt: number;
	  };

export interface ModelListing {
	/** Of an entry that only its publisher can freeze: `<entry>@<branch>`, and another one once it is frozen. */
	readonly id: ModelId;
	/** As the catalog offers it, or as it was when it was frozen. */
	readonly entry: CatalogEntry;
	/** Null until the publisher has been asked for its files. */
	readonly frozen: FrozenModel | null;
	readonly state: ModelState;
	/** Of all files; null until they are known. */
	readonly bytes: number | null;
	/** What deleting it would give back now: files that other models share stay. 0 where nothing is stored. */
	readonly freedBytes: number;
	/** Names of other models on this device that share files with it. */
	readonly sharedWith: readonly string[];
	/** An installed older revision of the same entry: choosing this one is an upgrade, not an overwrite. */
	readonly updates: ModelId | null;
	/** A newer revision that the catalog, or the publisher when asked, offers for this installed one. */
	readonly updateTo: EntryId | null;
	/** Added by the user: not in SAM's catalog. */
	readonly added: boolean;
}
