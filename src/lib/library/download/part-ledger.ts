import { AppError } from '../../core/errors.ts';
import type { Sha256 } from '../../core/ids.ts';
import { write } from '../../ports/store-write.ts';
import { downloadStore, type DownloadRow, type StoredFile } from '../library-api.ts';
import { hashPart } from '../store/hash-part.ts';
import { partPlan, partPrefix, type Part } from '../store/part-plan.ts';
import { PartReader } from '../store/part-reader.ts';
import type { PartStores } from './download-tools.ts';
import { PrefixHash, type HashSnapshot } from './prefix-hash.ts';
import type { WantedFile } from './wanted-file.ts';

/** Where bytes are from, and what that host says of the file (ETag or Last-Modified). */
export interface PartSource {
	readonly url: string;
	readonly validator: string | null;
}

/** Stands for the hosts of an earlier run, whichever they were. */
const earlier = 'earlier';

/**
 * What is stored of one file: parts in any order, each blob first, row second. What has been kept is found again by
 * `open` after a crash at any moment.
 */
export class PartLedger {
	readonly plan: readonly Part[];
	readonly partBytes: number;
	readonly #stores: PartStores;
	readonly #file: WantedFile;
	readonly #digests: (Sha256 | null)[];
	/** Keys in the blob store that no digest stands for. */
	readonly #strays: Set<string>;
	readonly #hash: PrefixHash;
	readonly #reader: PartReader;
	/** Who the stored parts and those under way are from. */
	readonly #sources = new Set<string>();
	#source: PartSource | null;
	#storedBytes = 0;
	#hashedInRow: number;
	#closed = false;
	#commits: Promise<void> = Promise.resolve();

	private constructor(
		stores: PartStores,
		file: WantedFile,
		row: DownloadRow | undefined,
		keys: readonly string[]
	) {
		this.#stores = stores;
		this.#file = file;
		this.#reader = new PartReader(stores.blobs);
		this.partBytes = row?.partBytes ?? stores.partBytes;
		this.plan = partPlan({ ...file, partBytes: this.partBytes });
		this.#strays = new Set(keys);
		this.#digests = this.plan.map(({ index, key }) => {
			const digest = row?.parts[index];
			return digest && this.#strays.delete(key) ? digest : null;
		});
		for (const part of this.plan) if (this.isStored(part.index)) this.#storedBytes += part.bytes;
		this.#source = row && this.#storedBytes > 0 ? row : null;
		if (this.#source) this.#sources.add(earlier);
		this.#hash = new PrefixHash(
			{
				hashers: stores.hashers,
				isStored: (index) => this.isStored(index),
				readBack: (index) => this.#readBack(index)
			},
			this.#resumable(row)
		);
		this.#hashedInRow = this.#hash.hashed;
	}

	/** Goes on with what an earlier run has stored, or starts. */
	static async open(stores: PartStores, file: WantedFile): Promise<PartLedger> {
		const row = await stores.records.get(downloadStore, file.sha256);
		const keys = await stores.blobs.keys(partPrefix(file.sha256));
		return new PartLedger(stores, file, row?.bytes === file.bytes ? row : undefined, keys);
	}

	/** Bytes that a crash cannot take any more. */
	get storedBytes(): number {
		return this.#storedBytes;
	}

	get complete(): boolean {
		return this.missing.length === 0;
	}

	/** Numbers of the parts that are not stored. */
	get missing(): number[] {
		return this.plan.filter(({ index }) => !this.isStored(index)).map(({ index }) => index);
	}

	isStored(index: number): boolean {
		return (this.#digests[index] ?? null) !== null;
	}

	/** Where the bytes so far are from; null when there are none. */
	get source(): PartSource | null {
		return this.#source;
	}

	/** Remembers where the bytes to come are from; it is stored with the next part. */
	setSource(source: PartSource): void {
		this.#source = source;
		this.#sources.add(source.url);
	}

	/** The one address that every byte is from; undefined when there were several, or an earlier run. */
	get onlySource(): string | undefined {
		const [first, ...others] = this.#sources;
		return others.length === 0 && first !== earlier ? first : undefined;
	}

	/**
	 * Stores a part; `record` must follow. When it has come to its end, whichever, nobody reads `body` any more.
	 * Errors: `storage/quota`, `wire/worker-died`.
	 */
	async place(part: Part, body: Uint8Array<ArrayBuffer>): Promise<void> {
		const digest = await whole(
			hashPart(body),
			this.#put(part.key, body),
			this.#hash.take(part.index, body)
		);
		this.#digests[part.index] = digest;
		this.#storedBytes += part.bytes;
	}

	/** Notes what has been placed: from here on a crash cannot take it. Errors: `storage/quota`. */
	async record(): Promise<void> {
		await this.#commit();
		// Parts that came before their turn may be next now. What fails here fails again in `settle`.
		this.settle().catch(() => undefined);
	}

	/** Brings the running hash up to what is stored. A part that is not what it was is not stored any more then. */
	async settle(): Promise<void> {
		await this.#hash.catchUp();
		if (!this.#closed && this.#hash.hashed > this.#hashedInRow) await this.#commit();
	}

	/** Throws everything away: the row, then the parts. */
	async restart(): Promise<void> {
		this.#digests.fill(null);
		this.#storedBytes = 0;
		this.#source = null;
		this.#sources.clear();
		await this.#hash.reset();
		this.#hashedInRow = 0;
		await this.#commits.catch(() => undefined);
		const { records, blobs } = this.#stores;
		await records.commit([write.delete(downloadStore, this.#file.sha256)]);
		for (const key of await blobs.keys(partPrefix(this.#file.sha256))) await blobs.delete(key);
		this.#strays.clear();
	}

	/**
	 * The file, once it is complete and settled. Its row stays, for whoever writes the manifest.
	 * Errors: `download/digest-mismatch`; everything is kept until `restart`.
	 */
	async finish(): Promise<StoredFile> {
		const { path, bytes, sha256 } = this.#file;
		if ((await this.#hash.digest()) !== sha256)
			throw new AppError('download/digest-mismatch', { details: { path } });
		for (const key of this.#strays) await this.#stores.blobs.delete(key);
		const parts = this.#digests.filter((digest) => digest !== null);
		return { path, bytes, sha256, partBytes: this.partBytes, parts };
	}

	/** To be called at the end, whatever it was. */
	async close(): Promise<void> {
		this.#closed = true;
		await this.#hash.close();
		await this.#commits.catch(() => undefined);
	}

	#resumable(row: DownloadRow | undefined): HashSnapshot {
		const hashed = row?.hashed ?? row?.parts.length ?? 0;
		const state = row?.hashState ?? null;
		return state && hashed <= this.#storedPrefix ? { hashed, state } : { hashed: 0, state: null };
	}

	get #storedPrefix(): number {
		const first = this.#digests.indexOf(null);
		return first === -1 ? this.#digests.length : first;
	}

	async #put(key: string, body: Uint8Array<ArrayBuffer>): Promise<void> {
		// A put would keep the part that is there, whose digest nobody knows.
		if (this.#strays.delete(key)) await this.#stores.blobs.delete(key);
		await this.#stores.blobs.put(key, body);
	}

	async #readBack(index: number): Promise<Uint8Array<ArrayBuffer> | undefined> {
		const part = this.plan[index];
		if (!part) return undefined;
		const body = await this.#reader.read(part);
		if (body && (await hashPart(body)) === this.#digests[index]) return body;
		this.#strays.add(part.key);
		this.#digests[index] = null;
		this.#storedBytes -= part.bytes;
		return undefined;
	}

	/** Writes the row as it is when its turn comes. */
	#commit(): Promise<void> {
		const commit = (): Promise<void> =>
			this.#stores.records.commit([write.put(downloadStore, this.#row())]);
		const run = this.#commits.then(commit, commit);
		this.#commits = run;
		return run;
	}

	#row(): DownloadRow {
		const { sha256, bytes } = this.#file;
		const { hashed, state } = this.#hash.snapshot(this.#storedPrefix);
		this.#hashedInRow = hashed;
		return {
			sha256,
			bytes,
			partBytes: this.partBytes,
			parts: [...this.#digests],
			hashState: state,
			hashed,
			url: this.#source?.url ?? '',
			validator: this.#source?.validator ?? null
		};
	}
}

/** The outcome of `first`, once all have come to their end. Rejects when any of them has. */
async function whole<T>(first: Promise<T>, ...others: Promise<void>[]): Promise<T> {
	await Promise.allSettled([first, ...others]);
	await Promise.all(others);
	return first;
}
