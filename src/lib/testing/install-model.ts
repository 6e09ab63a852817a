import type { EntryId } from '../core/ids.ts';
import type { ModelSpec } from '../core/model-spec.ts';
import { manifestStore, type ManifestRow } from '../library/library-api.ts';
import { hashPart } from '../library/store/hash-part.ts';
import type { BlobStore } from '../ports/blob-store.ts';
import type { RecordStore } from '../ports/record-store.ts';
import { write } from '../ports/store-write.ts';

interface Parts {
	readonly records: RecordStore;
	readonly blobs: Pick<BlobStore, 'put'>;
}

/** Puts a model into the library as a download would leave it, each file in one part. */
export async function installModel(
	{ records, blobs }: Parts,
	spec: ModelSpec,
	bodies: ReadonlyMap<string, Uint8Array<ArrayBuffer>>
): Promise<void> {
	const files = await Promise.all(
		spec.files.map(async ({ path, bytes, sha256 }) => {
			const body = bodies.get(path)!;
			await blobs.put(`${sha256}/0`, body);
			return { path, bytes, sha256, partBytes: bytes, parts: [await hashPart(body)] };
		})
	);
	const manifest: ManifestRow = {
		...{ model: spec.id, spec, files, installedAt: 1, verifiedAt: 1 },
		about: {
			entry: spec.id as string as EntryId,
			...{ family: spec.name, summary: '', parameters: null, needs: [], replaces: [] },
			...{ licence: null, source: null, origin: 'catalog', integrity: 'catalog' }
		}
	};
	await records.commit([write.put(manifestStore, manifest)]);
}
