import { adapterPartStore, adapterStore, type AdapterRow } from '../adapters/adapter-records.ts';
import type { Json } from '../core/json.ts';
import type { ConfigStore } from '../migration/config-store.ts';
import type { RecordStore } from '../ports/record-store.ts';
import { write } from '../ports/store-write.ts';
import { isAdapterRow } from './is-adapter-row.ts';

/**
 * What is kept of adapters beside their bytes. Putting rows back never deletes one: an adapter that a backup does not
 * know is switched off, and one that is here keeps what is known of its base.
 */
export const adapterConfigStore: ConfigStore = {
	name: adapterStore.name,

	async read(records) {
		const rows: unknown[] = await records.list(adapterStore);
		return rows.filter((row) => isAdapterRow(row)) as unknown as Json[];
	},

	accepts: (row) => isAdapterRow(row),

	writes: (present, wanted) =>
		restoredRows(rowsIn(present), rowsIn(wanted)).map((row) => write.put(adapterStore, row))
};

/** Rows of adapters among others. */
export function rowsIn(rows: readonly Json[]): AdapterRow[] {
	return (rows as readonly unknown[]).filter((row) => isAdapterRow(row));
}

/** What differs, a line for each adapter. */
export function adapterChanges(
	present: readonly AdapterRow[],
	wanted: readonly AdapterRow[]
): string[] {
	return restoredRows(present, wanted).map((row) => {
		const old = present.find(({ id }) => id === row.id);
		if (!old) return `Adapter put back: “${row.name}”${row.wanted ? ', switched on' : ''}`;
		const parts = [
			...(old.name === row.name ? [] : [`named “${row.name}”`]),
			...(old.wanted === row.wanted ? [] : [row.wanted ? 'switched on' : 'switched off']),
			...(old.strength === row.strength ? [] : [`strength ${old.strength} → ${row.strength}`])
		];
		return `Adapter “${old.name}”: ${parts.join(', ')}`;
	});
}

/** Those of the wanted rows whose bytes are here, and for the others a sentence each that says so. */
export async function restorableAdapters(
	records: RecordStore,
	wanted: readonly Json[]
): Promise<{ readonly rows: readonly Json[]; readonly lost: readonly string[] }> {
	const rows: Json[] = [];
	const lost: string[] = [];
	for (const row of rowsIn(wanted)) {
		if (await hasParts(records, row)) rows.push(row as unknown as Json);
		else {
			lost.push(
				`The adapter “${row.name}” cannot be put back: its files are no longer here. Add it again in the Tuner, or use a backup that was saved as a file.`
			);
		}
	}
	return { rows, lost };
}

async function hasParts(records: RecordStore, { files }: AdapterRow): Promise<boolean> {
	for (const { sha256, parts } of files) {
		if ((await records.count(adapterPartStore, { prefix: [sha256] })) < parts) return false;
	}
	return true;
}

/** Those that are to be written, as they are then. */
function restoredRows(present: readonly AdapterRow[], wanted: readonly AdapterRow[]): AdapterRow[] {
	const back = wanted.flatMap((row) => {
		const old = present.find(({ id }) => id === row.id);
		if (!old) return [row];
		const { name, wanted: isWanted, strength } = row;
		const same = old.name === name && old.wanted === isWanted && old.strength === strength;
		return same ? [] : [{ ...old, name, wanted: isWanted, strength }];
	});
	const off = present
		.filter((row) => row.wanted && !wanted.some(({ id }) => id === row.id))
		.map((row) => ({ ...row, wanted: false }));
	return [...back, ...off];
}
