import type { ModelSpec } from '../core/model-spec.ts';
import { write } from '../ports/store-write.ts';
import { FileDownload, type DownloadTools } from './download/file-download.ts';
import {
	downloadStore,
	manifestStore,
	type CatalogEntry,
	type ManifestRow,
	type StoredFile
} from './library-api.ts';
import { modelBytes } from './model-state.ts';
import type { ModelStore } from './store/model-store.ts';

export type OnBytes = (done: number, total: number) => void;

export interface InstallTools extends DownloadTools {
	readonly store: ModelStore;
	/** Relative addresses of the catalog start here. */
	readonly baseUrl: string;
}

/** Brings all files of a model here, one after another, and then makes it visible. */
export class ModelInstaller {
	readonly #tools: InstallTools;

	constructor(tools: InstallTools) {
		this.#tools = tools;
	}

	/**
	 * Goes on where an earlier run stopped. The manifest is the last write, together with the end of the downloads.
	 * Errors: those of `FileDownload.run`.
	 */
	async install(entry: CatalogEntry, onBytes: OnBytes, signal: AbortSignal): Promise<void> {
		if (await this.#tools.store.isInstalled(entry.id)) return;
		const total = modelBytes(entry);
		const files: StoredFile[] = [];
		let before = 0;
		for (const file of entry.files) {
			const offset = before;
			const stored = await this.#obtain(
				entry,
				file,
				(done) => onBytes(offset + done, total),
				signal
			);
			files.push(stored);
			before += file.bytes;
			onBytes(before, total);
		}
		await this.#publish(entry, files);
	}

	/** Files are known by their content: what another model has brought here is not fetched again. */
	async #obtain(
		entry: CatalogEntry,
		{ path, url, bytes, sha256 }: CatalogEntry['files'][number],
		onBytes: (done: number) => void,
		signal: AbortSignal
	): Promise<StoredFile> {
		const known = await this.#tools.store.findFile(sha256);
		if (known) return { ...known, path };
		const absolute = new URL(url, this.#tools.baseUrl).href;
		const wanted = { model: entry.id, path, url: absolute, bytes, sha256 };
		return new FileDownload(this.#tools, wanted).run(onBytes, signal);
	}

	async #publish(entry: CatalogEntry, files: readonly StoredFile[]): Promise<void> {
		const now = this.#tools.clock.now();
		const manifest: ManifestRow = {
			model: entry.id,
			spec: specOf(entry),
			files,
			installedAt: now,
			verifiedAt: now
		};
		await this.#tools.records.commit(
			[
				write.put(manifestStore, manifest),
				...files.map((file) => write.delete(downloadStore, file.sha256))
			],
			{ durability: 'strict' }
		);
	}
}

function specOf(entry: CatalogEntry): ModelSpec {
	const { id, name, engine, revision, tasks, contextTokens, dtype, embedding, files } = entry;
	return { id, name, engine, revision, tasks, contextTokens, dtype, embedding, files };
}
