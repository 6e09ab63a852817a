import { throwIfAborted } from '../../core/abort.ts';
import type { BlobStore } from '../../ports/blob-store.ts';
import type { RecordStore } from '../../ports/record-store.ts';
import { write } from '../../ports/store-write.ts';
import { hashPart } from './hash-part.ts';
import {
	downloadStore,
	manifestStore,
	type DownloadRow,
	type ManifestRow,
	type StoredFile
} from '../library-api.ts';
import type { OnBytes } from '../model-installer.ts';
import { partPlan, type Part } from './part-plan.ts';
import { readPart } from './read-part.ts';

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
	let done = 0;
	for (const file of manifest.files)
		for (const part of partPlan(file)) {
			throwIfAborted(signal);
			const body = await readPart(blobs, part.key);
			if (!body || (await hashPart(body)) !== file.parts[part.index]) damaged.push({ file, part });
			done += part.bytes;
			onBytes(done, total);
		}
	return damaged;
}

export interface WithdrawStores {
	readonly records: RecordStore;
	readonly blobs: BlobStore;
}

/**
 * Takes a damaged model out of sight and turns it into an unfinished download, in one commit: sound files stay whole,
 * each damaged file goes on at its first bad part. Then deletes the bad parts, so that nothing can load them.
 */
export async function withdraw(
	{ records, blobs }: WithdrawStores,
	manifest: ManifestRow,
	damaged: readonly DamagedPart[]
): Promise<void> {
	const rows = manifest.files.map((file): DownloadRow => {
		const first = damaged.find((each) => each.file.sha256 === file.sha256);
		const spec = manifest.spec.files.find((each) => each.sha256 === file.sha256);
		return {
			sha256: file.sha256,
			path: file.path,
			model: manifest.model,
			url: spec?.url ?? file.path,
			bytes: file.bytes,
			partBytes: file.partBytes,
			parts: first ? file.parts.slice(0, first.part.index) : file.parts,
			hashState: null,
			validator: null
		};
	});
	await records.commit(
		[
			write.delete(manifestStore, manifest.model),
			...rows.map((row) => write.put(downloadStore, row))
		],
		{ durability: 'strict' }
	);
	for (const { part } of damaged) await blobs.delete(part.key);
}
