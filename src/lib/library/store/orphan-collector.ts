import type { Sha256 } from '../../core/ids.ts';
import type { BlobStore } from '../../ports/blob-store.ts';
import type { RecordStore } from '../../ports/record-store.ts';
import { downloadStore, manifestStore } from '../library-api.ts';
import { readPartKey } from './part-plan.ts';

/**
 * Deletes the parts that belong to no installed model, to no unfinished download and to no file in `claimed`: what a
 * crash between two writes has left. Returns how many there were.
 */
export async function collectOrphans(
	{ records, blobs }: { readonly records: RecordStore; readonly blobs: BlobStore },
	claimed: ReadonlySet<Sha256>
): Promise<number> {
	const keys = await blobs.keys('');
	const [manifests, downloads] = await Promise.all([
		records.list(manifestStore),
		records.list(downloadStore)
	]);
	const used = new Map<Sha256, number>();
	for (const row of downloads) used.set(row.sha256, row.parts.length);
	for (const manifest of manifests)
		for (const file of manifest.files) used.set(file.sha256, file.parts.length);
	let collected = 0;
	for (const key of keys) {
		const part = readPartKey(key);
		if (!part || claimed.has(part.sha256)) continue;
		if (part.index < (used.get(part.sha256) ?? 0)) continue;
		await blobs.delete(key);
		collected++;
	}
	return collected;
}
