import type { ModelFiles } from '../../adapters/model-files.ts';
import { peftLimits } from '../../adapters/peft/peft-limits.ts';
import type { ListedFile } from '../../library/files/listed-file.ts';
import type { ModelLibrary } from '../../library/model-library.ts';
import type { OnAdapterBytes } from './found-adapter.ts';

/**
 * Files that lie elsewhere, by bare names. Each is fetched whole when it is first opened, and checked; nothing of it is
 * stored. What has been fetched is not fetched again, also by a later `filesFor`.
 */
export class FetchedFiles {
	readonly #files: ReadonlyMap<string, ListedFile>;
	readonly #library: Pick<ModelLibrary, 'fetchFile'>;
	readonly #blobs = new Map<string, Promise<Blob>>();
	readonly #done = new Map<string, number>();

	constructor(files: ReadonlyMap<string, ListedFile>, library: Pick<ModelLibrary, 'fetchFile'>) {
		this.#files = files;
		this.#library = library;
	}

	/** Errors of `open`: those of `ModelLibrary.fetchFile`. */
	filesFor(onBytes: OnAdapterBytes, signal: AbortSignal): ModelFiles {
		return {
			paths: [...this.#files.keys()],
			open: async (path) => {
				const file = this.#files.get(path);
				if (!file) return undefined;
				const blob = await this.#fetchOnce(path, file, onBytes, signal);
				return { bytes: blob.size, body: blob.stream() };
			}
		};
	}

	#fetchOnce(
		path: string,
		file: ListedFile,
		onBytes: OnAdapterBytes,
		signal: AbortSignal
	): Promise<Blob> {
		const there = this.#blobs.get(path);
		if (there) return there;
		const limit = path.endsWith('.json') ? peftLimits.indexBytes : peftLimits.weightBytes;
		const total = bytesOf([...this.#files.values()]);
		const show = (bytes: number): void => {
			this.#done.set(path, bytes);
			onBytes(
				[...this.#done.values()].reduce((sum, each) => sum + each, 0),
				total
			);
		};
		const fetching = this.#library.fetchFile(file, limit, show, signal);
		this.#blobs.set(path, fetching);
		// The next try goes on with what has come of it.
		fetching.catch(() => this.#blobs.delete(path));
		return fetching;
	}
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
