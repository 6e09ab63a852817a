import type { Json } from '../core/json.ts';
import { configStore, type ConfigStore } from '../migration/config-store.ts';
import type { RecordStore } from '../ports/record-store.ts';
import { adapterChanges, adapterConfigStore, restorableAdapters, rowsIn } from './adapter-rows.ts';
import { isPromptRow, promptChanges } from './prompt-rows.ts';
import { isSettingRow, settingChanges } from './setting-rows.ts';
import { settingsStore } from './settings-record.ts';
import { promptStore } from './test-prompts.ts';

/** A store that backups keep, and how what differs in it is told. */
export interface BackedUpStore {
	readonly store: ConfigStore;
	/** A line for each difference, for people. */
	changes(present: readonly Json[], wanted: readonly Json[]): string[];
	/** Which of the wanted rows can be put back on this device; `lost` names the others. Absent: all of them. */
	restorable?(
		records: RecordStore,
		wanted: readonly Json[]
	): Promise<{ readonly rows: readonly Json[]; readonly lost: readonly string[] }>;
}

/**
 * What is configured besides the setup. Not the servers of the user: their rows hold keys, and a backup can be saved as a
 * file.
 */
export const backedUpStores: readonly BackedUpStore[] = [
	{
		store: configStore(settingsStore, isSettingRow),
		changes: (present, wanted) =>
			settingChanges(
				present.filter((row) => isSettingRow(row)),
				wanted.filter((row) => isSettingRow(row))
			)
	},
	{
		store: configStore(promptStore, isPromptRow),
		changes: (present, wanted) =>
			promptChanges(
				present.filter((row) => isPromptRow(row)),
				wanted.filter((row) => isPromptRow(row))
			)
	},
	{
		store: adapterConfigStore,
		changes: (present, wanted) => adapterChanges(rowsIn(present), rowsIn(wanted)),
		restorable: restorableAdapters
	}
];
