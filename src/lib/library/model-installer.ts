import { formatBytes } from '../core/bytes.ts';
import { AppError } from '../core/errors.ts';
import type { ModelFile } from '../core/model-spec.ts';
import { write } from '../ports/store-write.ts';
import type { DownloadTools } from './download/download-tools.ts';
import { FileDownload } from './download/file-download.ts';
import type { FrozenModel } from './frozen-model.ts';
import {
	downloadStore,
	manifestStore,
	wantedStore,
	type ManifestRow,
	type StoredFile
} from './library-api.ts';
import type { OnBytes } from './model-library.ts';
import { modelBytes } from './model-state.ts';
import type { ModelStore } from './store/model-store.ts';
import { storedBytes } from './store/stored-bytes.ts';

export interface InstallTools extends DownloadTools {
	readonly store: ModelStore;
	/** Relative addresses of the catalog start here. */
	readonly baseUrl: string;
	/** The addresses of a file, in the order in which they are to be tried. */
	readonly addressesOf: (url: string) => readonly string[];
}

/** Brings all files of a model here, one after another, and then makes it visible. */
export class ModelInstaller {
	readonly #tools: InstallTools;

	constructor(tools: InstallTools) {
		this.#tools = tools;
	}

	/**
	 * Goes on where an earlier run stopped. The manifest is the last write, together with the end of the downloads.
	 * Errors: `library/no-room` before the first byte, those of `FileDownload.run`.
	 */
	async install(model: FrozenModel, onBytes: OnBytes, signal: AbortSignal): Promise<void> {
		const { spec } = model;
		if (await this.#tools.store.isInstalled(spec.id)) return;
		await this.#checkRoom(model);
		const total = modelBytes(spec);
		const files: StoredFile[] = [];
		let before = 0;
		for (const file of spec.files) {
			const offset = before;
			files.push(await this.#obtain(file, (done) => onBytes(offset + done, total), signal));
			before += file.bytes;
			onBytes(before, total);
		}
		await this.#publish(model, files);
	}

	/** Files are known by their content: what another model has brought here is not fetched again. */
	async #obtain(
		{ path, url, bytes, sha256 }: ModelFile,
		onBytes: (done: number) => void,
		signal: AbortSignal
	): Promise<StoredFile> {
		const { store, baseUrl, addressesOf } = this.#tools;
		const known = await store.findFile(sha256);
		if (known) return { ...known, path };
		const urls = addressesOf(new URL(url, baseUrl).href);
		return new FileDownload(this.#tools, { path, urls, bytes, sha256 }).run(onBytes, signal);
	}

	/** Better now than after an hour. */
	async #checkRoom({ spec }: FrozenModel): Promise<void> {
		const { store, records, blobs } = this.#tools;
		let needed = 0;
		for (const [sha256, bytes] of new Map(spec.files.map((file) => [file.sha256, file.bytes]))) {
			if (await store.findFile(sha256)) continue;
			const begun = await records.get(downloadStore, sha256);
			needed += bytes - (begun ? storedBytes(begun) : 0);
		}
		if (needed === 0 || (await blobs.hasRoom(needed))) return;
		const details = { name: spec.name, needed: formatBytes(needed), bytes: needed };
		throw new AppError('library/no-room', { details });
	}

	async #publish({ spec, about }: FrozenModel, files: readonly StoredFile[]): Promise<void> {
		const now = this.#tools.clock.now();
		const manifest: ManifestRow = {
			...{ model: spec.id, spec, about, files },
			installedAt: now,
			verifiedAt: now
		};
		await this.#tools.records.commit(
			[
				write.put(manifestStore, manifest),
				write.delete(wantedStore, spec.id),
				...files.map((file) => write.delete(downloadStore, file.sha256))
			],
			{ durability: 'strict' }
		);
	}
}
