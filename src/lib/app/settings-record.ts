import type { DownloadSettings } from '../library/download/download-settings.ts';
import type { AcceptedLicence } from '../migration/upgrade-request.ts';
import type { ClockSighting } from '../migration/believed-date.ts';
import type { StoreOf } from '../ports/record-store.ts';

/** How the app looks: as the system says, or always light or dark. */
export type Appearance = 'system' | 'light' | 'dark';

export interface Collection {
	/** Epoch milliseconds. */
	readonly at: number;
	readonly bytes: number;
	/** What was deleted, for people: `Freed 12 MB: …`. */
	readonly text: string;
}

/** What the user may set, by the name under which it is stored. */
export interface Settings {
	readonly appearance: Appearance;
	readonly downloads: DownloadSettings;
	/** Origins that the user has allowed to be asked for models, besides the ones SAM knows: `https://example.org`. */
	readonly hosts: readonly string[];
	/** Of models: each is asked for once. */
	readonly licences: readonly AcceptedLicence[];
	/** No wish of the user's, and in no backup: what the garbage collection freed when it last did. */
	readonly lastCollection: Collection;
	/** Neither: what was seen of the device's clock. */
	readonly clock: ClockSighting;
}

export type SettingName = keyof Settings;

export type SettingRow = {
	[Name in SettingName]: { readonly name: Name; readonly value: Settings[Name] };
}[SettingName];

export const settingsStore: StoreOf<SettingRow, SettingName> = {
	name: 'settings',
	keyOf: (row) => row.name
};
