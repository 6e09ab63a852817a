import type { Sha256 } from '../../core/ids.ts';

/** A file that can be fetched, with what its host tells of it. Plain data: it crosses threads. */
export interface ListedFile {
	/** Within its repository or folder. */
	readonly path: string;
	/** On the official host, at a commit, where it is one of a repository. */
	readonly url: string;
	readonly bytes: number | null;
	/** The content must have it. Null where the host tells none. */
	readonly sha256: Sha256 | null;
	/** Git blob id that the content must have. Null where the host tells none. */
	readonly gitBlob: string | null;
}

/** What lies at an address. */
export interface FoundFiles {
	/** For people: `owner/name`, or the address of the folder without `https://`. */
	readonly title: string;
	/** What the files are pinned to; null for a folder, which may change at any time. */
	readonly commit: string | null;
	/** The folder of the repository that the address led to; empty for all of it. */
	readonly folder: string;
	readonly files: readonly ListedFile[];
}
