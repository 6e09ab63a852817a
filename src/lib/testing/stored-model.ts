import type { EntryId, ModelId } from '../core/ids.ts';
import type { ManifestRow, StoredFile } from '../library/library-api.ts';
import { hashPart } from '../library/store/hash-part.ts';
import type { StoredModelFiles } from '../library/store/model-store.ts';
import { memoryModelFiles } from './memory-model-files.ts';

export interface StoredModel {
	readonly manifest: ManifestRow;
	readonly files: StoredModelFiles;
}

/** A model that is installed, with these files in parts of that size. */
export async function storedModel(
	bodies: Readonly<Record<string, Uint8Array<ArrayBuffer>>>,
	partBytes = 1000
): Promise<StoredModel> {
	const stored = await Promise.all(
		Object.entries(bodies).map(([path, body]) => storedFile(path, body, partBytes))
	);
	const id = 'mini-q8@0123456789ab' as ModelId;
	const manifest: ManifestRow = {
		...{ model: id, files: stored, installedAt: 1, verifiedAt: 2 },
		spec: {
			...{ id, name: 'Mini', engine: 'transformers', revision: '0123456789ab'.padEnd(40, '0') },
			...{ tasks: ['generate'], contextTokens: 512, dtype: 'q8', embedding: null },
			files: stored.map(({ path, bytes, sha256 }) => ({
				...{ path, bytes, sha256 },
				url: `https://hub.test/${path}`
			}))
		},
		about: {
			entry: 'mini-q8' as EntryId,
			...{ family: 'Mini', summary: 'Small.', parameters: null, needs: [], replaces: [] },
			...{ licence: null, source: null, origin: 'hub', integrity: 'publisher' }
		}
	};
	return { manifest, files: memoryModelFiles(new Map(Object.entries(bodies)), 300) };
}

async function storedFile(
	path: string,
	body: Uint8Array<ArrayBuffer>,
	partBytes: number
): Promise<StoredFile> {
	const parts = [];
	for (let at = 0; at < body.length; at += partBytes)
		parts.push(await hashPart(body.slice(at, at + partBytes)));
	return { path, bytes: body.length, sha256: await hashPart(body), partBytes, parts };
}
