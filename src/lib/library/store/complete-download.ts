import type { DownloadRow, StoredFile } from '../library-api.ts';

/** A stored file as a download, without the parts of those numbers: the rest need not be got again. */
export function completeDownload(
	{ sha256, bytes, partBytes, parts }: StoredFile,
	lost: ReadonlySet<number> = new Set()
): DownloadRow {
	return {
		...{ sha256, bytes, partBytes },
		parts: parts.map((digest, index) => (lost.has(index) ? null : digest)),
		...{ hashState: null, hashed: 0, validator: null, url: '' }
	};
}
