import { canonicalJson } from '../core/canonical-json.ts';
import type { Json } from '../core/json.ts';
import type { RecordKey, RecordStore, StoreOf, StoreWrite } from '../ports/record-store.ts';
import { write } from '../ports/store-write.ts';

/** A store whose rows are configuration: backups keep them beside the setup, and put them back. */
export interface ConfigStore {
	readonly name: string;
	/** Its rows that are configuration. Others are neither saved nor touched. */
	read(records: RecordStore): Promise<Json[]>;
	/** Whether that is such a row. */
	accepts(row: Json): boolean;
	/** What makes `wanted` of `present`; nothing for rows that are the same. */
	writes(present: readonly Json[], wanted: readonly Json[]): StoreWrite[];
}

/** `isRow` also keeps away rows that a file from elsewhere claims to be such. */
export function configStore<Row, Key extends RecordKey>(
	store: StoreOf<Row, Key>,
	isRow: (row: unknown) => row is Row
): ConfigStore {
	return {
		name: store.name,

		async read(records) {
			const rows: unknown[] = await records.list(store);
			return rows.filter((row) => isRow(row)) as Json[];
		},

		accepts: (row) => isRow(row),

		writes(present, wanted) {
			const rows = wanted.filter((row) => isRow(row)) as Row[];
			const keys = new Set(rows.map((row) => canonicalJson(store.keyOf(row))));
			const before = new Set(present.map(canonicalJson));
			const old = present.filter((row) => isRow(row)) as Row[];
			return [
				...old
					.map((row) => store.keyOf(row))
					.filter((key) => !keys.has(canonicalJson(key)))
					.map((key) => write.delete(store, key)),
				...rows.filter((row) => !before.has(canonicalJson(row))).map((row) => write.put(store, row))
			];
		}
	};
}
