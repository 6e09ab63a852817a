import { AppError, hasCode } from '../../core/errors.ts';
import type { ModelId, Sha256 } from '../../core/ids.ts';
import type { BlobStore } from '../../ports/blob-store.ts';
import type { Hasher, HasherFactory } from '../../ports/hasher.ts';
import type { RecordStore } from '../../ports/record-store.ts';
import { write } from '../../ports/store-write.ts';
import { hashPart } from '../store/hash-part.ts';
import { downloadStore, type DownloadRow, type StoredFile } from '../library-api.ts';
import { partPlan, partPrefix, type Part } from '../store/part-plan.ts';
import { readPart } from '../store/read-part.ts';

/** A file to get, with the address it is got from. */
export interface WantedFile {
	readonly model: ModelId;
	readonly path: string;
	/** Absolute. */
	readonly url: string;
	readonly bytes: number;
	readonly sha256: Sha256;
}

export interface PartStores {
	readonly records: RecordStore;
	readonly blobs: BlobStore;
	readonly hashers: HasherFactory;
	/** Size of the parts of a download that starts now. */
	readonly partBytes: number;
}

/**
 * Cuts a file into parts as its bytes come in and keeps each: blob first, row second. What has been kept is found again
 * by `open` after a crash at any moment; a part that was under way then is simply got again.
 */
export class PartWriter {
	readonly #stores: PartStores;
	readonly #plan: readonly Part[];
	readonly #buffer: Uint8Array<ArrayBuffer>;
	#row: DownloadRow;
	#hasher: Hasher;
	#filled = 0;

	private constructor(stores: PartStores, row: DownloadRow, hasher: Hasher) {
		this.#stores = stores;
		this.#row = row;
		this.#hasher = hasher;
		this.#plan = partPlan(row);
		this.#buffer = new Uint8Array(Math.min(row.partBytes, row.bytes));
	}

	/** Goes on where the last run stopped, or starts. */
	static async open(stores: PartStores, file: WantedFile): Promise<PartWriter> {
		const found = await stores.records.get(downloadStore, file.sha256);
		const fresh: DownloadRow = {
			...file,
			partBytes: stores.partBytes,
			parts: [],
			hashState: null,
			validator: null
		};
		if (found?.bytes !== file.bytes) return new PartWriter(stores, fresh, await create(stores));
		const row = { ...found, ...file };
		const writer = new PartWriter(stores, row, await create(stores));
		await writer.#catchUp();
		return writer;
	}

	/** Bytes that a crash cannot take any more. */
	get stored(): number {
		return Math.min(this.#row.bytes, this.#row.parts.length * this.#row.partBytes);
	}

	/** Bytes so far, those of the part under way included. */
	get received(): number {
		return this.stored + this.#filled;
	}

	get complete(): boolean {
		return this.#row.parts.length === this.#plan.length;
	}

	/** What the server said of the file when the parts that are stored were read. */
	get validator(): string | null {
		return this.#row.validator;
	}

	/** Forgets the part under way: the next bytes are those at `stored`. */
	rewind(): void {
		this.#filled = 0;
	}

	/** Remembers what the server says of the file; it is stored with the next part. */
	adopt(validator: string | null): void {
		this.#row = { ...this.#row, validator };
	}

	/** Takes the next bytes, no more than the file has left. Errors: `storage/quota`. */
	async write(bytes: Uint8Array): Promise<void> {
		let rest = bytes;
		while (rest.byteLength > 0) {
			const part = this.#plan[this.#row.parts.length];
			if (!part) throw new AppError('bug', { details: { reason: 'more bytes than the file has' } });
			const taken = rest.subarray(0, part.bytes - this.#filled);
			this.#buffer.set(taken, this.#filled);
			this.#filled += taken.byteLength;
			rest = rest.subarray(taken.byteLength);
			if (this.#filled === part.bytes) await this.#keep(part);
		}
	}

	/** Throws everything away and starts this file again. */
	async restart(validator: string | null): Promise<void> {
		this.#row = { ...this.#row, parts: [], hashState: null, validator };
		this.#hasher = await create(this.#stores);
		this.#filled = 0;
		await this.discard();
	}

	/** Deletes the row, then the parts. */
	async discard(): Promise<void> {
		const { sha256 } = this.#row;
		await this.#stores.records.commit([write.delete(downloadStore, sha256)]);
		for (const key of await this.#stores.blobs.keys(partPrefix(sha256)))
			await this.#stores.blobs.delete(key);
	}

	/**
	 * The file, once it is complete and its digest is the promised one. Its row stays, for whoever writes the manifest.
	 * Errors: `download/digest-mismatch`; all its parts are gone then.
	 */
	async finish(): Promise<StoredFile> {
		const { path, bytes, sha256, partBytes, parts } = this.#row;
		if (this.#hasher.digest() !== sha256) {
			await this.discard();
			throw new AppError('download/digest-mismatch', { details: { path } });
		}
		return { path, bytes, sha256, partBytes, parts };
	}

	async #keep(part: Part): Promise<void> {
		const body = this.#buffer.subarray(0, part.bytes);
		const digest = await hashPart(body);
		// A crash between blob and row leaves a part whose digest nobody knows; a put would keep that one.
		if (await this.#stores.blobs.has(part.key)) await this.#stores.blobs.delete(part.key);
		await this.#stores.blobs.put(part.key, body);
		this.#hasher.update(body);
		this.#row = {
			...this.#row,
			parts: [...this.#row.parts, digest],
			hashState: this.#hasher.save()
		};
		await this.#stores.records.commit([write.put(downloadStore, this.#row)]);
		this.#filled = 0;
	}

	/** Brings row, parts and running hash of an earlier run together again. */
	async #catchUp(): Promise<void> {
		const { hashState, parts, sha256 } = this.#row;
		const present = new Set(await this.#stores.blobs.keys(partPrefix(sha256)));
		const known = this.#plan.slice(0, parts.length);
		if (hashState && known.every((part) => present.has(part.key))) {
			const hasher = await resume(this.#stores.hashers, hashState);
			if (hasher) {
				this.#hasher = hasher;
				return;
			}
		}
		await this.#rehash(known);
	}

	/** Hashes what is stored anew, up to the first part that is gone or not what it was. */
	async #rehash(known: readonly Part[]): Promise<void> {
		const sound: Sha256[] = [];
		for (const part of known) {
			const body = await readPart(this.#stores.blobs, part.key);
			const digest = this.#row.parts[part.index];
			if (!body || !digest || (await hashPart(body)) !== digest) break;
			this.#hasher.update(body);
			sound.push(digest);
		}
		this.#row = { ...this.#row, parts: sound, hashState: this.#hasher.save() };
	}
}

function create(stores: PartStores): Promise<Hasher> {
	return stores.hashers.create();
}

/** Undefined when the state is of another build: then the parts are hashed anew. */
async function resume(hashers: HasherFactory, state: Uint8Array): Promise<Hasher | undefined> {
	try {
		return await hashers.resume(state);
	} catch (error) {
		if (hasCode(error, 'storage/corrupt')) return undefined;
		throw error;
	}
}
