import type { ModelId } from '../../core/ids.ts';
import type { BlobStore } from '../../ports/blob-store.ts';
import type { Clock } from '../../ports/clock.ts';
import type { RecordStore } from '../../ports/record-store.ts';
import { write } from '../../ports/store-write.ts';
import { frozenOf } from '../entry-of.ts';
import {
	downloadStore,
	manifestStore,
	wantedStore,
	type ManifestRow,
	type StoredFile,
	type WantedRow
} from '../library-api.ts';
import { completeDownload } from './complete-download.ts';
import type { DamagedPart } from './model-verifier.ts';

export interface WithdrawParts {
	readonly records: RecordStore;
	readonly blobs: BlobStore;
	readonly clock: Pick<Clock, 'now'>;
}

/**
 * Takes every model that has one of these parts out of sight and turns it into an unfinished, paused download, in one
 * commit: only the damaged parts will be got again. Then deletes those, so that nothing can load them.
 * Returns the models.
 */
export async function withdraw(
	{ records, blobs, clock }: WithdrawParts,
	damaged: readonly DamagedPart[]
): Promise<ModelId[]> {
	const lost = new Map<string, Set<number>>();
	for (const { file, part } of damaged)
		lost.set(file.sha256, (lost.get(file.sha256) ?? new Set()).add(part.index));
	const bytes = new Map(damaged.map(({ part }) => [part.key, part.bytes]));
	const manifests = (await records.list(manifestStore)).filter(({ files }) =>
		files.some(({ sha256 }) => lost.has(sha256))
	);
	if (manifests.length === 0) return [];
	const wanted = manifests.map((manifest): WantedRow => ({
		id: manifest.model,
		model: frozenOf(manifest),
		frozenAt: clock.now(),
		...{ place: null, paused: true, error: null },
		damagedBytes: damagedBytes(manifest, bytes)
	}));
	const files = new Map(manifests.flatMap((row) => row.files).map((file) => [file.sha256, file]));
	await records.commit(
		[
			...manifests.map(({ model }) => write.delete(manifestStore, model)),
			...wanted.map((row) => write.put(wantedStore, row)),
			...[...files.values()].map((file) =>
				write.put(downloadStore, completeDownload(file, lost.get(file.sha256)))
			)
		],
		{ durability: 'strict' }
	);
	for (const { part } of damaged) await blobs.delete(part.key);
	return wanted.map(({ id }) => id);
}

function damagedBytes({ files }: ManifestRow, bytes: ReadonlyMap<string, number>): number {
	const of = (file: StoredFile): number =>
		[...bytes].reduce(
			(sum, [key, size]) => sum + (key.startsWith(`${file.sha256}/`) ? size : 0),
			0
		);
	return files.reduce((sum, file) => sum + of(file), 0);
}
