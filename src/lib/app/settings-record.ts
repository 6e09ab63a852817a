import type { StoreOf } from '../ports/record-store.ts';

/** How the app looks: as the system says, or always light or dark. */
export type Appearance = 'system' | 'light' | 'dark';

export interface SettingRow {
	readonly name: 'appearance';
	readonly value: Appearance;
}

export const settingsStore: StoreOf<SettingRow, 'appearance'> = {
	name: 'settings',
	keyOf: (row) => row.name
};
