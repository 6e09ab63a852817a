import type { RecordKey, StoreOf, StoreWrite } from './record-store.ts';

/** Makes the writes of a `RecordStore.commit`, with the row type checked against its store. */
export const write = {
	put<Row, Key extends RecordKey>(store: StoreOf<Row, Key>, row: Row): StoreWrite {
		return { op: 'put', store: store.name, key: store.keyOf(row), row };
	},
	add<Row, Key extends RecordKey>(store: StoreOf<Row, Key>, row: Row): StoreWrite {
		return { op: 'add', store: store.name, key: store.keyOf(row), row };
	},
	delete<Row, Key extends RecordKey>(store: StoreOf<Row, Key>, key: Key): StoreWrite {
		return { op: 'delete', store: store.name, key };
	},
	deletePrefix<Row, Key extends RecordKey>(
		store: StoreOf<Row, Key>,
		prefix: readonly (string | number)[]
	): StoreWrite {
		return { op: 'delete-prefix', store: store.name, prefix };
	}
};
