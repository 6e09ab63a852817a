import type { CatalogEntry, ModelSource } from '../catalog/catalog-entry.ts';

/** What was found somewhere, before it is known whether it is a model. */
export interface RepositoryView {
	/** For people: `Xenova/all-MiniLM-L6-v2`, or the name of the folder. */
	readonly title: string;
	/** Null for files of this machine. */
	readonly source: ModelSource | null;
	/** Commit; `local` for files of this machine, until they have been hashed. */
	readonly revision: string;
	/** Null where nobody says. */
	readonly licence: CatalogEntry['licence'];
	readonly files: readonly ViewedFile[];
	/**
	 * The bytes of a configuration file, null when there is no such file. Errors: `add/not-a-model` over
	 * `maxConfigBytes`, those of the place.
	 */
	readSmall(path: string): Promise<Uint8Array<ArrayBuffer> | null>;
}

export interface ViewedFile {
	readonly path: string;
	readonly bytes: number;
}

/** No configuration file is larger. */
export const maxConfigBytes = 4_000_000;
