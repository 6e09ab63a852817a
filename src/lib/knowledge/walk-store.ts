import type { RecordStore, StoreOf } from '../ports/record-store.ts';

/** Keys whose first part says what the row belongs to. */
type OwnedKey = readonly [string, ...(string | number)[]];

/** Rows read at once: some of them are large. */
const pageSize = 32;

/** The first parts of all keys of a store, each once, ascending. Reads one row for each. */
export async function* ownersIn<Row, Key extends OwnedKey>(
	records: RecordStore,
	store: StoreOf<Row, Key>
): AsyncGenerator<Key[0]> {
	let [row] = await records.list(store, { limit: 1 });
	while (row) {
		const [owner] = store.keyOf(row);
		yield owner;
		// The least key behind all that begin with this owner.
		const next = [`${owner}\0`] as unknown as Key;
		[row] = await records.list(store, { from: next, limit: 1 });
	}
}

/** The rows of one owner in the order of their keys, a few at a time: they need not fit into memory. */
export async function* rowsOf<Row, Key extends OwnedKey>(
	records: RecordStore,
	store: StoreOf<Row, Key>,
	owner: Key[0]
): AsyncGenerator<Row> {
	let rows = await records.list(store, { from: [owner] as unknown as Key, limit: pageSize });
	for (;;) {
		for (const row of rows) {
			if (store.keyOf(row)[0] !== owner) return;
			yield row;
		}
		const last = rows.at(-1);
		if (!last || rows.length < pageSize) return;
		rows = await records.list(store, { after: store.keyOf(last), limit: pageSize });
	}
}
