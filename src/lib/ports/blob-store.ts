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
	/** Asks the browser not to evict this origin. Returns whether it agreed. */
	persist(): Promise<boolean>;
}
