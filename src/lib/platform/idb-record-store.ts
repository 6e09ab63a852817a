import type { IDBPDatabase, IDBPTransaction } from 'idb';
import type {
	CommitOptions,
	ListOptions,
	RecordKey,
	RecordStore,
	StoreOf,
	StoreWrite
} from '../ports/record-store.ts';
import type { Database } from './database.ts';
import { keyRange, prefixRange, toIdbKey } from './key-range.ts';
import { translateStorageError } from './translate-storage-error.ts';

/** Records in IndexedDB. The stores are those of the database's schema. */
export class IdbRecordStore implements RecordStore {
	readonly #database: Database;

	constructor(database: Database) {
		this.#database = database;
	}

	get<Row, Key extends RecordKey>(store: StoreOf<Row, Key>, key: Key): Promise<Row | undefined> {
		return this.#run((db) => db.get(store.name, toIdbKey(key)) as Promise<Row | undefined>);
	}

	async list<Row, Key extends RecordKey>(
		store: StoreOf<Row, Key>,
		options: ListOptions<Key> = {}
	): Promise<Row[]> {
		const { limit, reverse } = options;
		const range = keyRange(options);
		// To IndexedDB a limit of 0 means none.
		if (range === 'empty' || limit === 0) return [];
		return this.#run(async (db) => {
			if (reverse && limit !== undefined) return lastRows<Row>(db, store.name, range, limit);
			const rows = (await db.getAll(store.name, range, limit)) as Row[];
			return reverse ? rows.reverse() : rows;
		});
	}

	count<Row, Key extends RecordKey>(
		store: StoreOf<Row, Key>,
		options: Pick<ListOptions<Key>, 'prefix'> = {}
	): Promise<number> {
		const range = options.prefix && prefixRange(options.prefix);
		return this.#run((db) => db.count(store.name, range));
	}

	async commit(writes: readonly StoreWrite[], options: CommitOptions = {}): Promise<void> {
		if (writes.length === 0) return;
		const stores = [...new Set(writes.map(({ store }) => store))];
		const durability = options.durability ?? 'relaxed';
		await this.#run((db) => applyAll(db.transaction(stores, 'readwrite', { durability }), writes));
	}

	/** A connection that the browser has silently closed shows itself at the first use: then one more try on a new one. */
	async #run<T>(work: (db: IDBPDatabase) => Promise<T>): Promise<T> {
		const db = await this.#database.open();
		try {
			return await work(db);
		} catch (error) {
			if (!isClosedConnection(error)) throw translateStorageError(error);
		}
		await this.#database.close();
		const fresh = await this.#database.open();
		try {
			return await work(fresh);
		} catch (error) {
			throw translateStorageError(error);
		}
	}
}

type WriteTransaction = IDBPTransaction<unknown, string[], 'readwrite'>;

/**
 * The transaction alone tells the outcome: where the quota is short it aborts without an error of any request, and
 * where a request fails it knows only that it was aborted.
 */
async function applyAll(
	transaction: WriteTransaction,
	writes: readonly StoreWrite[]
): Promise<void> {
	let failure: unknown;
	const keep = (error: unknown): void => {
		failure ??= error;
	};
	try {
		for (const write of writes) applyOne(transaction, write).catch(keep);
	} catch (error) {
		keep(error);
		transaction.abort();
	}
	await transaction.done.catch((error: unknown) => {
		throw (isAbort(error) ? failure : undefined) ?? error;
	});
}

function applyOne(transaction: WriteTransaction, write: StoreWrite): Promise<unknown> {
	const store = transaction.objectStore(write.store);
	switch (write.op) {
		case 'put':
			return store.put(write.row, toIdbKey(write.key));
		case 'add':
			return store.add(write.row, toIdbKey(write.key));
		case 'delete':
			return store.delete(toIdbKey(write.key));
		case 'delete-prefix':
			return store.delete(prefixRange(write.prefix));
	}
}

async function lastRows<Row>(
	db: IDBPDatabase,
	store: string,
	range: IDBKeyRange | undefined,
	limit: number
): Promise<Row[]> {
	const rows: Row[] = [];
	let cursor = await db.transaction(store).store.openCursor(range, 'prev');
	while (cursor && rows.length < limit) {
		rows.push(cursor.value as Row);
		if (rows.length < limit) cursor = await cursor.continue();
	}
	return rows;
}

function isAbort(error: unknown): boolean {
	return error instanceof DOMException && error.name === 'AbortError';
}

function isClosedConnection(error: unknown): boolean {
	return error instanceof DOMException && error.name === 'InvalidStateError';
}
