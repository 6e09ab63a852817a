import type { StorageEstimate } from '../ports/blob-store.ts';

/** What the browser still grants, in bytes; null where it does not tell. */
export function freeBytesIn({
	usage,
	quota
}: Pick<StorageEstimate, 'usage' | 'quota'>): number | null {
	return quota > 0 ? Math.max(0, quota - usage) : null;
}
