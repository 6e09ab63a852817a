import type { Sha256 } from '../../core/ids.ts';
import type { BlobStore } from '../../ports/blob-store.ts';
import type { RecordStore } from '../../ports/record-store.ts';
import { write } from '../../ports/store-write.ts';
import { downloadStore, manifestStore, wantedStore } from '../library-api.ts';
import { readPartKey } from './part-plan.ts';

/**
 * Deletes the parts of files that no model on this device, or on its way here, has: what a crash between two writes has
 * left. Returns how many there were.
 */
export async function collectOrphans({
	records,
	blobs
}: {
	readonly records: RecordStore;
	readonly blobs: BlobStore;
}): Promise<number> {
	const keys = await blobs.keys('');
	const [manifests, wanted, downloads] = await Promise.all([
		records.list(manifestStore),
		records.list(wantedStore),
		records.list(downloadStore)
	]);
	const used = new Set<Sha256>();
	for (const { files } of manifests) for (const file of files) used.add(file.sha256);
	for (const { model } of wanted) for (const file of model.spec.files) used.add(file.sha256);
	const forgotten = downloads.filter(({ sha256 }) => !used.has(sha256));
	if (forgotten.length > 0)
		await records.commit(forgotten.map(({ sha256 }) => write.delete(downloadStore, sha256)));
	let collected = 0;
	for (const key of keys) {
		const part = readPartKey(key);
		if (!part || used.has(part.sha256)) continue;
		await blobs.delete(key);
		collected++;
	}
	return collected;
}
