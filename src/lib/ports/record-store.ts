/** Keys that IndexedDB can order: strings, numbers, and arrays of them (compared element by element). */
export type RecordKey = string | number | readonly (string | number)[];

/** Names one store and the type of its rows. Keys are computed from the row, so they can never disagree. */
export interface StoreOf<Row, Key extends RecordKey> {
	readonly name: string;
	readonly keyOf: (row: Row) => Key;
}

export interface ListOptions<Key extends RecordKey> {
	/** Inclusive lower bound. */
	readonly from?: Key;
	/** Exclusive lower bound. */
	readonly after?: Key;
	/** Inclusive upper bound. */
	readonly to?: Key;
	/** Only rows whose array key starts with these elements. Excludes the other bounds. */
	readonly prefix?: readonly (string | number)[];
	readonly limit?: number;
	/** Descending by key. */
	readonly reverse?: boolean;
}

/** One write, made with `write.put` and its siblings in `store-write.ts`. Plain data: it crosses worker boundaries. */
export type StoreWrite =
	| { readonly op: 'put'; readonly store: string; readonly key: RecordKey; readonly row: unknown }
	/** Fails the whole commit with `storage/conflict` when the key is there already. */
	| { readonly op: 'add'; readonly store: string; readonly key: RecordKey; readonly row: unknown }
	| { readonly op: 'delete'; readonly store: string; readonly key: RecordKey }
	/** Deletes every row whose array key starts with `prefix`. */
	| {
			readonly op: 'delete-prefix';
			readonly store: string;
			readonly prefix: readonly (string | number)[];
	  };

export interface CommitOptions {
	/** `strict`: resolved only once on disk. For pointers and journals. Default `relaxed`. */
	readonly durability?: 'strict' | 'relaxed';
}

/**
 * Structured records, ordered by key. Rows are copied in and out (structured clone).
 * Errors: `storage/quota`, `storage/conflict`, `storage/version-newer`, `storage/unavailable`.
 */
export interface RecordStore {
	get<Row, Key extends RecordKey>(store: StoreOf<Row, Key>, key: Key): Promise<Row | undefined>;
	/** Ascending by key unless `reverse`. */
	list<Row, Key extends RecordKey>(
		store: StoreOf<Row, Key>,
		options?: ListOptions<Key>
	): Promise<Row[]>;
	count<Row, Key extends RecordKey>(
		store: StoreOf<Row, Key>,
		options?: Pick<ListOptions<Key>, 'prefix'>
	): Promise<number>;
	/** All writes become visible together, or none do. */
	commit(writes: readonly StoreWrite[], options?: CommitOptions): Promise<void>;
}
