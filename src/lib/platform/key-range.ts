import type { ListOptions, RecordKey } from '../ports/record-store.ts';

/** A copy of the key that IndexedDB's types take. */
export function toIdbKey(key: RecordKey): IDBValidKey {
	return typeof key === 'object' ? [...key] : key;
}

/** All array keys that start with these elements. An array sorts after every string and number, so it closes the range. */
export function prefixRange(prefix: readonly (string | number)[]): IDBKeyRange {
	return IDBKeyRange.bound([...prefix], [...prefix, []]);
}

/** The range that the options ask for; undefined for all keys, `empty` where no key can lie in it. */
export function keyRange(
	options: Pick<ListOptions<RecordKey>, 'from' | 'after' | 'to' | 'prefix'>
): IDBKeyRange | undefined | 'empty' {
	if (options.prefix) return prefixRange(options.prefix);
	const open = options.after !== undefined;
	const start = options.after ?? options.from;
	const lower = start === undefined ? undefined : toIdbKey(start);
	const upper = options.to === undefined ? undefined : toIdbKey(options.to);
	if (lower === undefined) return upper === undefined ? undefined : IDBKeyRange.upperBound(upper);
	if (upper === undefined) return IDBKeyRange.lowerBound(lower, open);
	const order = indexedDB.cmp(lower, upper);
	if (order > 0 || (order === 0 && open)) return 'empty';
	return IDBKeyRange.bound(lower, upper, open);
}
