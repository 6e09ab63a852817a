import { AppError } from '../../core/errors.ts';
import type { ModelId, Sha256 } from '../../core/ids.ts';
import type { BlobStore } from '../../ports/blob-store.ts';
import type { RecordStore } from '../../ports/record-store.ts';
import { write } from '../../ports/store-write.ts';
import { joinParts } from './join-parts.ts';
import {
	downloadStore,
	manifestStore,
	wantedStore,
	type ManifestRow,
	type StoredFile
} from '../library-api.ts';
import { completeDownload } from './complete-download.ts';
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
	 * Forgets the model and its unfinished downloads in one commit, then deletes the parts that no other model on this
	 * device, or on its way here, has. Idempotent. Returns the bytes given back.
	 */
	async remove(model: ModelId): Promise<number> {
		const [manifests, wanted, downloads] = await Promise.all([
			this.list(),
			this.#records.list(wantedStore),
			this.#records.list(downloadStore)
		]);
		const manifest = manifests.find((row) => row.model === model);
		const row = wanted.find(({ id }) => id === model);
		const installed = digestsOf(manifests.filter((other) => other !== manifest));
		const awaited = digestsOf(
			wanted.filter((other) => other !== row).map((other) => other.model.spec)
		);
		const own = digestsOf([...(manifest ? [manifest] : []), ...(row ? [row.model.spec] : [])]);
		const dropped = [...own].filter((sha256) => !installed.has(sha256) && !awaited.has(sha256));
		const handedOn = (manifest?.files ?? []).filter(
			({ sha256 }) => awaited.has(sha256) && !installed.has(sha256)
		);
		await this.#records.commit(
			[
				write.delete(manifestStore, model),
				write.delete(wantedStore, model),
				...dropped.map((sha256) => write.delete(downloadStore, sha256)),
				...handedOn.map((file) => write.put(downloadStore, completeDownload(file)))
			],
			{ durability: 'strict' }
		);
		let freed = 0;
		for (const sha256 of dropped) {
			const cut =
				manifest?.files.find((file) => file.sha256 === sha256) ??
				downloads.find((download) => download.sha256 === sha256);
			freed += await this.#deleteParts(sha256, cut);
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

	async #deleteParts(
		sha256: Sha256,
		cut: Parameters<typeof partPlan>[0] | undefined
	): Promise<number> {
		const present = new Set(await this.#blobs.keys(partPrefix(sha256)));
		let freed = 0;
		for (const part of cut ? partPlan(cut) : []) if (present.has(part.key)) freed += part.bytes;
		for (const key of present) await this.#blobs.delete(key);
		return freed;
	}
}

function digestsOf(
	models: readonly { readonly files: readonly { readonly sha256: Sha256 }[] }[]
): Set<Sha256> {
	return new Set(models.flatMap(({ files }) => files.map(({ sha256 }) => sha256)));
}
