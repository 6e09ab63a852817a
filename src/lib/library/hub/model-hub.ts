import type { Sha256 } from '../../core/ids.ts';
import type { ModelSource } from '../catalog/catalog-entry.ts';

/** A file as its publisher's host lists it. Exactly one of the digests is known. */
export interface PublishedFile {
	/** Within the repository. */
	readonly path: string;
	/** At the pinned commit, on the official host. */
	readonly url: string;
	readonly bytes: number;
	/** Of large files (Git LFS). */
	readonly sha256: Sha256 | null;
	/** Git blob id of small files, 40 hex characters: SHA-1 over `blob <bytes>\0` and the content. */
	readonly gitBlob: string | null;
}

/** A repository at one commit. */
export interface PublishedModel {
	readonly source: ModelSource;
	/** 40 hex characters. */
	readonly commit: string;
	readonly files: readonly PublishedFile[];
	/** SPDX-like name from the model card, e.g. `apache-2.0`; null where the card says nothing. */
	readonly licence: string | null;
	/** ISO 8601, null where the host does not tell. */
	readonly updatedAt: string | null;
}

/** The hosts of model repositories, official ones and mirrors. */
export interface ModelHub {
	/**
	 * Lists the repository at that commit, or at the commit that a branch stands at now.
	 * Errors: `download/offline`, `download/http`, `hub/no-host`, `hub/not-found`, `hub/gated`, `hub/bad-answer`,
	 * `cancelled`.
	 */
	read(source: ModelSource, revision: string, signal: AbortSignal): Promise<PublishedModel>;
	/**
	 * The bytes of a small file (32 MB at most), checked against its Git blob id or SHA-256.
	 * Errors: those of `read`, `hub/file-missing`, `download/size-mismatch`, `download/digest-mismatch`,
	 * `download/web-page`.
	 */
	fetchSmall(file: PublishedFile, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>>;
}
