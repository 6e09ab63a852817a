import { AppError } from '../../core/errors.ts';
import type { ModelId, Sha256 } from '../../core/ids.ts';
import type { BlobStore } from '../../ports/blob-store.ts';
import type { RecordStore } from '../../ports/record-store.ts';
import { write } from '../../ports/store-write.ts';
import { joinParts } from './join-parts.ts';
import { downloadStore, manifestStore, type ManifestRow, type StoredFile } from '../library-api.ts';
import { partPlan, partPrefix } from './part-plan.ts';

/** The verified files of one model, as engines read them. */
export interface StoredModelFiles {
	readonly paths: readonly string[];
	/**
	 * The whole file as one stream with its exact size, or undefined when the model has no such file.
	 * Errors, at once or from the stream: `storage/missing`, `storage/corrupt`.
	 */
	open(
		path: string
	): Promise<
		{ readonly bytes: number; readonly body: ReadableStream<Uint8Array<ArrayBuffer>> } | undefined
	>;
}

export interface ModelStoreOptions {
	readonly records: RecordStore;
	readonly blobs: BlobStore;
}

/** The models that lie on this device, whole and verified. */
export class ModelStore {
	readonly #records: RecordStore;
	readonly #blobs: BlobStore;

	constructor({ records, blobs }: ModelStoreOptions) {
		this.#records = records;
		this.#blobs = blobs;
	}

	/** Undefined until every byte of the model has been verified. */
	manifest(model: ModelId): Promise<ManifestRow | undefined> {
		return this.#records.get(manifestStore, model);
	}

	async isInstalled(model: ModelId): Promise<boolean> {
		return (await this.manifest(model)) !== undefined;
	}

	/** All manifests, by model id. */
	list(): Promise<ManifestRow[]> {
		return this.#records.list(manifestStore);
	}

	/** Errors: `library/not-installed`. */
	async files(model: ModelId): Promise<StoredModelFiles> {
		const manifest = await this.manifest(model);
		if (!manifest) throw new AppError('library/not-installed', { details: { model } });
		return {
			paths: manifest.files.map((file) => file.path),
			open: async (path) => {
				const file = manifest.files.find((each) => each.path === path);
				return file && { bytes: file.bytes, body: await this.#read(file) };
			}
		};
	}

	/** The file with that content, if a model that is installed has it whole. */
	async findFile(sha256: Sha256): Promise<StoredFile | undefined> {
		const files = (await this.list()).flatMap((manifest) => manifest.files);
		const file = files.find((each) => each.sha256 === sha256);
		return file && (await this.#missingPart(file)) === undefined ? file : undefined;
	}

	/**
	 * Forgets the model and its unfinished downloads in one commit, then deletes the parts that nothing else uses: no
	 * other model, no other download, no file in `claimed`. Idempotent. Returns the bytes given back.
	 */
	async remove(model: ModelId, claimed: ReadonlySet<Sha256> = new Set()): Promise<number> {
		const [manifests, downloads] = await Promise.all([
			this.list(),
			this.#records.list(downloadStore)
		]);
		const ofModel = (row: { readonly model: ModelId }): boolean => row.model === model;
		const dropped = downloads.filter(ofModel);
		await this.#records.commit(
			[
				write.delete(manifestStore, model),
				...dropped.map((row) => write.delete(downloadStore, row.sha256))
			],
			{ durability: 'strict' }
		);
		const files = [...manifests.filter(ofModel).flatMap((manifest) => manifest.files), ...dropped];
		const kept = new Set(claimed);
		for (const manifest of manifests)
			if (!ofModel(manifest)) for (const file of manifest.files) kept.add(file.sha256);
		for (const row of downloads) if (!ofModel(row)) kept.add(row.sha256);
		let freed = 0;
		for (const file of files) {
			if (kept.has(file.sha256)) continue;
			kept.add(file.sha256);
			freed += await this.#deleteParts(file);
		}
		return freed;
	}

	async #read(file: StoredFile): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
		const missing = await this.#missingPart(file);
		// A runtime may wait for ever on a stream that fails midway: say it before the first byte.
		if (missing !== undefined)
			throw new AppError('storage/missing', { details: { what: `${file.path} (${missing})` } });
		return joinParts(this.#blobs, partPlan(file));
	}

	async #missingPart(file: StoredFile): Promise<string | undefined> {
		const present = new Set(await this.#blobs.keys(partPrefix(file.sha256)));
		return partPlan(file).find((part) => !present.has(part.key))?.key;
	}

	async #deleteParts(file: {
		readonly sha256: Sha256;
		readonly bytes: number;
		readonly partBytes: number;
	}): Promise<number> {
		const present = new Set(await this.#blobs.keys(partPrefix(file.sha256)));
		let freed = 0;
		for (const part of partPlan(file)) {
			if (!present.delete(part.key)) continue;
			await this.#blobs.delete(part.key);
			freed += part.bytes;
		}
		return freed;
	}
}
