import type { DownloadRow } from '../library-api.ts';

/** Bytes of the parts of a download that are stored. */
export function storedBytes({ parts, bytes, partBytes }: DownloadRow): number {
	let stored = 0;
	for (const [index, part] of parts.entries())
		if (part) stored += Math.min(partBytes, bytes - index * partBytes);
	return stored;
}
