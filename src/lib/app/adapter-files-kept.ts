import type { AdapterFile, AdapterRow } from '../adapters/adapter-records.ts';
import type { Sha256 } from '../core/ids.ts';
import { snapshotStore, type SnapshotRow } from '../migration/migration-records.ts';
import type { RecordStore } from '../ports/record-store.ts';
import { adapterConfigStore, rowsIn } from './adapter-rows.ts';

/** Files of adapters that a backup names: their parts stay, also when their adapter is removed. */
export async function adapterFilesKept(records: RecordStore): Promise<ReadonlySet<Sha256>> {
	const rows = await records.list(snapshotStore);
	return new Set(rows.flatMap(adapterFilesOf).map(({ sha256 }) => sha256));
}

/** The adapters of one backup. */
export function adapterRowsOf({ config }: Pick<SnapshotRow, 'config'>): AdapterRow[] {
	return rowsIn(config?.[adapterConfigStore.name] ?? []);
}

/** Those of one backup, each once. */
export function adapterFilesOf(snapshot: Pick<SnapshotRow, 'config'>): AdapterFile[] {
	const files = adapterRowsOf(snapshot).flatMap((row) => row.files);
	return [...new Map(files.map((file) => [file.sha256, file])).values()];
}
