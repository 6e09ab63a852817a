import type { Sha256 } from '../../core/ids.ts';

/** A file to get, with the addresses it may be got from. */
export interface WantedFile {
	readonly path: string;
	/** Absolute, at least one; the first is tried first. */
	readonly urls: readonly string[];
	readonly bytes: number;
	readonly sha256: Sha256;
}
