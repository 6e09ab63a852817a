import type { RecordStore } from '../ports/record-store.ts';
import { settingsStore, type SettingName, type Settings } from './settings-record.ts';

/** What the user has set; undefined for what was never set. */
export async function readSetting<Name extends SettingName>(
	records: RecordStore,
	name: Name
): Promise<Settings[Name] | undefined> {
	const row = await records.get(settingsStore, name);
	// A row's value has the type that belongs to its key.
	return row?.value as Settings[Name] | undefined;
}
