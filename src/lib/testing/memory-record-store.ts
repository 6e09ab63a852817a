import { AppError, toAppError } from '../core/errors.ts';
import type {
	CommitOptions,
	ListOptions,
	RecordKey,
	RecordStore,
	StoreOf,
	StoreWrite
} from '../ports/record-store.ts';
import { compareKeys, isValidKey, startsWith } from './key-order.ts';

interface Entry {
	readonly key: RecordKey;
	readonly row: unknown;
}

export interface MemoryRecordStoreOptions {
	/** Called before a commit is applied; throwing keeps it from being applied. */
	readonly beforeCommit?: (writes: readonly StoreWrite[]) => void | Promise<void>;
	/** Called once a commit is applied; throwing rejects the commit although its writes are there. */
	readonly afterCommit?: (writes: readonly StoreWrite[]) => void | Promise<void>;
}

/**
 * A `RecordStore` in memory: `new MemoryRecordStore()`. Stores exist as soon as they are named; rows are cloned in and
 * out, keys are ordered as in IndexedDB, and a commit is applied whole or not at all.
 */
export class MemoryRecordStore implements RecordStore {
	readonly #options: MemoryRecordStoreOptions;
	readonly #tables = new Map<string, Entry[]>();
	readonly #durabilities: ('strict' | 'relaxed')[] = [];

	constructor(options: MemoryRecordStoreOptions = {}) {
		this.#options = options;
	}

	/** Another store with the same rows; what either does from here on, the other does not see. */
	copy(options: MemoryRecordStoreOptions = {}): MemoryRecordStore {
		const copy = new MemoryRecordStore(options);
		for (const [name, entries] of this.#tables) copy.#tables.set(name, [...entries]);
		return copy;
	}

	/** Every row by the name of its store, stores without rows left out. Not to be changed. */
	everything(): ReadonlyMap<string, readonly unknown[]> {
		const filled = [...this.#tables].filter(([, entries]) => entries.length > 0);
		return new Map(filled.map(([name, entries]) => [name, entries.map(({ row }) => row)]));
	}

	/** Commits that were applied. */
	get commits(): number {
		return this.#durabilities.length;
	}

	/** The durability that each applied commit asked for, in order. */
	get durabilities(): readonly ('strict' | 'relaxed')[] {
		return this.#durabilities;
	}

	async get<Row, Key extends RecordKey>(
		store: StoreOf<Row, Key>,
		key: Key
	): Promise<Row | undefined> {
		checkKey(key);
		const table = this.#table(store.name);
		const entry = table[position(table, key)];
		if (!entry || compareKeys(entry.key, key) !== 0) return undefined;
		return structuredClone(entry.row) as Row;
	}

	async list<Row, Key extends RecordKey>(
		store: StoreOf<Row, Key>,
		options: ListOptions<Key> = {}
	): Promise<Row[]> {
		const { from, after, to, prefix, limit, reverse } = options;
		const found = this.#table(store.name).filter(({ key }) =>
			prefix
				? startsWith(key, prefix)
				: (from === undefined || compareKeys(key, from) >= 0) &&
					(after === undefined || compareKeys(key, after) > 0) &&
					(to === undefined || compareKeys(key, to) <= 0)
		);
		if (reverse) found.reverse();
		return found.slice(0, limit).map(({ row }) => structuredClone(row) as Row);
	}

	async count<Row, Key extends RecordKey>(
		store: StoreOf<Row, Key>,
		options: Pick<ListOptions<Key>, 'prefix'> = {}
	): Promise<number> {
		const { prefix } = options;
		const table = this.#table(store.name);
		return prefix ? table.filter(({ key }) => startsWith(key, prefix)).length : table.length;
	}

	async commit(writes: readonly StoreWrite[], options: CommitOptions = {}): Promise<void> {
		if (writes.length === 0) return;
		const own = cloned(writes);
		await this.#options.beforeCommit?.(own);
		this.#apply(own);
		this.#durabilities.push(options.durability ?? 'relaxed');
		await this.#options.afterCommit?.(own);
	}

	#apply(writes: readonly StoreWrite[]): void {
		const before = new Map(writes.map(({ store }) => [store, [...this.#table(store)]]));
		try {
			for (const write of writes) this.#applyOne(write);
		} catch (error) {
			for (const [store, entries] of before) this.#tables.set(store, entries);
			throw error;
		}
	}

	#applyOne(write: StoreWrite): void {
		const table = this.#table(write.store);
		if (write.op === 'delete-prefix') {
			const kept = table.filter(({ key }) => !startsWith(key, write.prefix));
			this.#tables.set(write.store, kept);
			return;
		}
		checkKey(write.key);
		const at = position(table, write.key);
		const there = table[at];
		const exists = there !== undefined && compareKeys(there.key, write.key) === 0;
		if (write.op === 'delete') {
			if (exists) table.splice(at, 1);
			return;
		}
		if (write.op === 'add' && exists)
			throw new AppError('storage/conflict', { details: { store: write.store } });
		table.splice(at, exists ? 1 : 0, { key: write.key, row: write.row });
	}

	#table(name: string): Entry[] {
		let table = this.#tables.get(name);
		if (!table) this.#tables.set(name, (table = []));
		return table;
	}
}

/** Index of the first entry whose key is not below `key`. */
function position(table: readonly Entry[], key: RecordKey): number {
	let low = 0;
	let high = table.length;
	while (low < high) {
		const middle = (low + high) >> 1;
		if (compareKeys(table[middle]!.key, key) < 0) low = middle + 1;
		else high = middle;
	}
	return low;
}

function cloned<T>(value: T): T {
	try {
		return structuredClone(value);
	} catch (error) {
		throw toAppError(error);
	}
}

function checkKey(key: unknown): void {
	if (!isValidKey(key))
		throw new AppError('bug', { details: { reason: 'a key that IndexedDB would refuse' } });
}
