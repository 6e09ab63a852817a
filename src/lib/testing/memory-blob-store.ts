import { AppError } from '../core/errors.ts';
import type { BlobStore, StorageEstimate } from '../ports/blob-store.ts';

export interface BlobEffect {
	readonly op: 'put' | 'delete';
	readonly key: string;
}

export interface MemoryBlobStoreOptions {
	/** Bytes that fit in all; a put beyond them rejects with `storage/quota`. Default: no limit. */
	readonly quota?: number;
	/** What `persist()` answers. Default true. */
	readonly persistable?: boolean;
	/** Called before a put or delete is applied; throwing keeps it from being applied. */
	readonly beforeEffect?: (effect: BlobEffect) => void | Promise<void>;
	/** Called once it is applied; throwing rejects although it is there. */
	readonly afterEffect?: (effect: BlobEffect) => void | Promise<void>;
}

/** Streams hand a part out in pieces of this many bytes, as a browser does. */
const pieceBytes = 65_536;

/** A `BlobStore` in memory: `new MemoryBlobStore()` or `new MemoryBlobStore({ quota: 1_000_000 })`. */
export class MemoryBlobStore implements BlobStore {
	readonly #options: MemoryBlobStoreOptions;
	readonly #parts = new Map<string, Uint8Array<ArrayBuffer>>();
	#quota: number;
	#persisted = false;

	constructor(options: MemoryBlobStoreOptions = {}) {
		this.#options = options;
		this.#quota = options.quota ?? Number.POSITIVE_INFINITY;
	}

	/** Another store with the same parts; what either does from here on, the other does not see. */
	copy(options: MemoryBlobStoreOptions = {}): MemoryBlobStore {
		const copy = new MemoryBlobStore(options);
		for (const [key, part] of this.#parts) copy.#parts.set(key, part);
		return copy;
	}

	/** Bytes stored now. */
	get usage(): number {
		let sum = 0;
		for (const part of this.#parts.values()) sum += part.byteLength;
		return sum;
	}

	/** Bytes that fit in all. */
	get quota(): number {
		return this.#quota;
	}

	/** As when the user frees or fills the disk. */
	setQuota(bytes: number): void {
		this.#quota = bytes;
	}

	/** Changes a stored part behind the app's back, as a failing disk does. */
	corrupt(key: string, change: (body: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer>): void {
		const part = this.#parts.get(key);
		if (!part) throw new Error(`nothing stored as ${key}`);
		this.#parts.set(key, change(part.slice()));
	}

	/** Loses everything, as when the browser evicts the origin. */
	evict(): void {
		this.#parts.clear();
	}

	async put(key: string, body: Uint8Array<ArrayBuffer>): Promise<void> {
		const own = body.slice();
		await this.#options.beforeEffect?.({ op: 'put', key });
		if (!this.#parts.has(key)) {
			if (this.usage + own.byteLength > this.#quota) throw new AppError('storage/quota');
			this.#parts.set(key, own);
		}
		await this.#options.afterEffect?.({ op: 'put', key });
	}

	async stream(key: string): Promise<ReadableStream<Uint8Array<ArrayBuffer>> | undefined> {
		const part = this.#parts.get(key);
		if (!part) return undefined;
		let offset = 0;
		return new ReadableStream({
			pull(controller) {
				if (offset >= part.byteLength) {
					controller.close();
					return;
				}
				controller.enqueue(part.slice(offset, offset + pieceBytes));
				offset += pieceBytes;
			}
		});
	}

	async has(key: string): Promise<boolean> {
		return this.#parts.has(key);
	}

	async keys(prefix: string): Promise<string[]> {
		return [...this.#parts.keys()].filter((key) => key.startsWith(prefix));
	}

	async delete(key: string): Promise<void> {
		await this.#options.beforeEffect?.({ op: 'delete', key });
		this.#parts.delete(key);
		await this.#options.afterEffect?.({ op: 'delete', key });
	}

	async estimate(): Promise<StorageEstimate> {
		return { usage: this.usage, quota: this.#quota, persisted: this.#persisted };
	}

	async hasRoom(bytes: number): Promise<boolean> {
		return bytes <= this.#quota - this.usage;
	}

	async persist(): Promise<boolean> {
		this.#persisted = this.#options.persistable ?? true;
		return this.#persisted;
	}
}
