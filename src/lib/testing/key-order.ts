import type { RecordKey } from '../ports/record-store.ts';

/** The order of IndexedDB: numbers, then strings (by UTF-16 code units), then arrays, which compare element by element. */
export function compareKeys(a: RecordKey, b: RecordKey): number {
	if (typeof a === 'object' && typeof b === 'object') return compareArrays(a, b);
	if (rank(a) !== rank(b)) return rank(a) - rank(b);
	return a < b ? -1 : a > b ? 1 : 0;
}

/** True for an array key whose first elements are those of `prefix`. */
export function startsWith(key: RecordKey, prefix: readonly (string | number)[]): boolean {
	return typeof key === 'object' && prefix.every((element, i) => key[i] === element);
}

/** True for what IndexedDB takes as a key. */
export function isValidKey(key: unknown): key is RecordKey {
	if (Array.isArray(key)) return key.every((element) => isValidKey(element));
	return typeof key === 'string' || (typeof key === 'number' && !Number.isNaN(key));
}

function compareArrays(a: readonly (string | number)[], b: readonly (string | number)[]): number {
	for (const [i, element] of a.entries()) {
		const other = b[i];
		if (other === undefined) return 1;
		const order = compareKeys(element, other);
		if (order !== 0) return order;
	}
	return a.length - b.length;
}

function rank(key: RecordKey): number {
	return typeof key === 'number' ? 0 : typeof key === 'string' ? 1 : 2;
}
