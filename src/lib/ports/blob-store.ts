export interface StorageEstimate {
	readonly usage: number;
	readonly quota: number;
	readonly persisted: boolean;
}

/** Large immutable parts, named by what they are. A key is written once and never overwritten. */
export interface BlobStore {
	/** Whole or not at all. A key that is there already stays as it is. Errors: `storage/quota`. */
	put(key: string, body: Uint8Array<ArrayBuffer>): Promise<void>;
	/** The part's bytes as a stream, or undefined. */
	stream(key: string): Promise<ReadableStream<Uint8Array<ArrayBuffer>> | undefined>;
	has(key: string): Promise<boolean>;
	/** Keys with that prefix, in no particular order. */
	keys(prefix: string): Promise<string[]>;
	/** Deleting what is not there is no error. */
	delete(key: string): Promise<void>;
	estimate(): Promise<StorageEstimate>;
	/**
	 * Whether so many bytes more would fit now, found out by reserving them where the browser can (in a worker), since
	 * its estimate may be made up. True where it cannot be found out.
	 */
	hasRoom(bytes: number): Promise<boolean>;
	/** Asks the browser not to evict this origin. Returns whether it agreed. */
	persist(): Promise<boolean>;
}
