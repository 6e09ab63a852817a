import type { DownloadSettings } from '../library/download/download-settings.ts';
import type { StoreOf } from '../ports/record-store.ts';

/** How the app looks: as the system says, or always light or dark. */
export type Appearance = 'system' | 'light' | 'dark';

/** What the user may set, by the name under which it is stored. */
export interface Settings {
	readonly appearance: Appearance;
	readonly downloads: DownloadSettings;
	/** Origins that the user has allowed to be asked for models, besides the ones SAM knows: `https://example.org`. */
	readonly hosts: readonly string[];
}

export type SettingName = keyof Settings;

export type SettingRow = {
	[Name in SettingName]: { readonly name: Name; readonly value: Settings[Name] };
}[SettingName];

export const settingsStore: StoreOf<SettingRow, SettingName> = {
	name: 'settings',
	keyOf: (row) => row.name
};
