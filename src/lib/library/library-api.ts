import type { ErrorCode } from '../core/error-code.ts';
import type { ModelId, Sha256 } from '../core/ids.ts';
import type { ModelSpec } from '../core/model-spec.ts';
import type { StoreOf } from '../ports/record-store.ts';

/** A model as the catalog offers it: what engines need, and what people want to know. */
export interface CatalogEntry extends ModelSpec {
	readonly family: string;
	readonly summary: string;
	readonly parameters: number | null;
	readonly licence: { readonly name: string; readonly url: string };
	readonly source: string | null;
	/** What the device must have, e.g. `webgpu`, `shader-f16`. */
	readonly needs: readonly string[];
	/** Models that this one is a better choice than. */
	readonly replaces: readonly ModelId[];
}

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
	readonly files: readonly StoredFile[];
	readonly installedAt: number;
	readonly verifiedAt: number;
}

export const manifestStore: StoreOf<ManifestRow, ModelId> = {
	name: 'manifests',
	keyOf: (row) => row.model
};

/** Progress of one file's download. A part is in the blob store if its digest stands here: blob first, row second. */
export interface DownloadRow {
	readonly sha256: Sha256;
	readonly path: string;
	readonly model: ModelId;
	readonly url: string;
	readonly bytes: number;
	readonly partBytes: number;
	readonly parts: readonly Sha256[];
	/** Running hash of the whole file after the last part; null at the start. */
	readonly hashState: Uint8Array<ArrayBuffer> | null;
	/** ETag or Last-Modified of what was read so far. */
	readonly validator: string | null;
}

export const downloadStore: StoreOf<DownloadRow, Sha256> = {
	name: 'downloads',
	keyOf: (row) => row.sha256
};

export type ModelState =
	/** In the bundle: nothing to download. */
	| { readonly at: 'built-in' }
	| { readonly at: 'available' }
	| { readonly at: 'downloading'; readonly done: number; readonly total: number }
	| { readonly at: 'verifying'; readonly done: number; readonly total: number }
	| {
			readonly at: 'paused';
			readonly done: number;
			readonly total: number;
			readonly error: { readonly code: ErrorCode; readonly message: string } | null;
	  }
	| { readonly at: 'installed'; readonly bytes: number; readonly verifiedAt: number };

export interface ModelListing {
	readonly entry: CatalogEntry;
	readonly state: ModelState;
	readonly bytes: number;
}
