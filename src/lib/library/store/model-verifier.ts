import { throwIfAborted } from '../../core/abort.ts';
import type { BlobStore } from '../../ports/blob-store.ts';
import { hashPart } from './hash-part.ts';
import type { ManifestRow, StoredFile } from '../library-api.ts';
import type { OnBytes } from '../model-library.ts';
import { partPlan, type Part } from './part-plan.ts';
import { PartReader } from './part-reader.ts';

/** A part that is gone, or not what was verified when it was installed. */
export interface DamagedPart {
	readonly file: StoredFile;
	readonly part: Part;
}

/** Reads every part of a model again. `onBytes` hears the bytes checked so far. */
export async function findDamage(
	blobs: BlobStore,
	manifest: ManifestRow,
	onBytes: OnBytes,
	signal: AbortSignal
): Promise<DamagedPart[]> {
	const damaged: DamagedPart[] = [];
	const total = manifest.files.reduce((sum, file) => sum + file.bytes, 0);
	const reader = new PartReader(blobs);
	let done = 0;
	for (const file of manifest.files)
		for (const part of partPlan(file)) {
			throwIfAborted(signal);
			const body = await reader.read(part);
			if (!body || (await hashPart(body)) !== file.parts[part.index]) damaged.push({ file, part });
			done += part.bytes;
			onBytes(done, total);
		}
	return damaged;
}

/** Parts that should be stored and are not, of all these models. Reads only the names of what is stored. */
export async function findGaps(
	blobs: BlobStore,
	manifests: readonly ManifestRow[]
): Promise<DamagedPart[]> {
	const present = new Set(await blobs.keys(''));
	return manifests
		.flatMap(({ files }) => files)
		.flatMap((file) => partPlan(file).map((part) => ({ file, part })))
		.filter(({ part }) => !present.has(part.key));
}
