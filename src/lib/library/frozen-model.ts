import type { EntryId } from '../core/ids.ts';
import type { ModelSpec } from '../core/model-spec.ts';
import type { CatalogEntry, ModelSource } from './catalog/catalog-entry.ts';

/** What people want to know of a model, and where it is from. */
export interface ModelAbout extends Pick<
	CatalogEntry,
	'family' | 'summary' | 'parameters' | 'licence' | 'needs' | 'replaces'
> {
	/** The entry that it was frozen from: two revisions of one model share it. */
	readonly entry: EntryId;
	readonly source: ModelSource | null;
	/** `catalog`: offered by SAM; else added by the user, from a model host, an address, or files of this machine. */
	readonly origin: 'catalog' | 'hub' | 'address' | 'files';
	/**
	 * Who stated the digests: SAM's catalog, the publisher's own list, or this device when the files were added. Nobody
	 * for a model on a server.
	 */
	readonly integrity: 'built-in' | 'catalog' | 'publisher' | 'computed' | 'remote';
}

/**
 * A model pinned to the byte: commit, path, size and SHA-256 of every file are known and will never change under this
 * id. From here on every byte must match.
 */
export interface FrozenModel {
	readonly spec: ModelSpec;
	readonly about: ModelAbout;
}
