import type { ModelFiles } from '../../adapters/model-files.ts';
import { peftLimits } from '../../adapters/peft/peft-limits.ts';
import type { ListedFile } from '../../library/files/listed-file.ts';
import type { ModelLibrary } from '../../library/model-library.ts';
import type { OnAdapterBytes } from './found-adapter.ts';

/**
 * Files that lie elsewhere, by bare names. Each is fetched whole when it is first opened, and checked; nothing of it is
 * stored. Errors of `open`: those of `ModelLibrary.fetchFile`.
 */
export function fetchedFiles(
	files: ReadonlyMap<string, ListedFile>,
	library: Pick<ModelLibrary, 'fetchFile'>,
	onBytes: OnAdapterBytes,
	signal: AbortSignal
): ModelFiles {
	const total = bytesOf([...files.values()]);
	const blobs = new Map<string, Promise<Blob>>();
	const done = new Map<string, number>();
	const fetchOnce = (path: string, file: ListedFile): Promise<Blob> => {
		const limit = path.endsWith('.json') ? peftLimits.indexBytes : peftLimits.weightBytes;
		const show = (bytes: number): void => {
			done.set(path, bytes);
			onBytes(
				[...done.values()].reduce((sum, each) => sum + each, 0),
				total
			);
		};
		const blob = blobs.get(path) ?? library.fetchFile(file, limit, show, signal);
		blobs.set(path, blob);
		return blob;
	};
	return {
		paths: [...files.keys()],
		open: async (path) => {
			const file = files.get(path);
			if (!file) return undefined;
			const blob = await fetchOnce(path, file);
			return { bytes: blob.size, body: blob.stream() };
		}
	};
}

/** Of those that are read; null where the host does not tell. */
export function bytesOf(files: readonly ListedFile[]): number | null {
	let sum = 0;
	for (const { path, bytes } of files) {
		if (!/\.(json|safetensors)$/.test(path)) continue;
		if (bytes === null) return null;
		sum += bytes;
	}
	return sum;
}
