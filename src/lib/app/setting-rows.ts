import { canonicalJson } from '../core/canonical-json.ts';
import { formatBytes } from '../core/bytes.ts';
import type { DownloadSettings } from '../library/download/download-settings.ts';
import type { AcceptedLicence } from '../migration/upgrade-request.ts';
import type { Appearance, SettingName, SettingRow, Settings } from './settings-record.ts';
import { parseMirror } from './views/mirror-address.ts';

/** How one setting is told and recognised. Null for what the app notes by itself: that is no configuration. */
type SettingKinds = {
	readonly [Name in SettingName]: {
		readonly label: string;
		/** Guards against values from a file that nobody has set here. */
		readonly accepts: (value: unknown) => boolean;
		readonly describe: (value: Settings[Name]) => string;
	} | null;
};

const appearances: readonly Appearance[] = ['system', 'light', 'dark'];

const kinds: SettingKinds = {
	appearance: {
		label: 'Appearance',
		accepts: (value) => appearances.some((appearance) => appearance === value),
		describe: (value) => value
	},
	downloads: {
		label: 'Downloads',
		accepts: (value) => isDownloadSettings(value),
		describe: ({ mirrors, officialHost, bytesPerSecond }) =>
			[
				mirrors.length > 0 ? `mirrors ${mirrors.join(', ')}` : 'no mirrors',
				officialHost ? 'official host' : 'no official host',
				bytesPerSecond === null ? 'no speed limit' : `${formatBytes(bytesPerSecond)} a second`
			].join('; ')
	},
	hosts: {
		label: 'Hosts that may be asked for models',
		accepts: (value) => Array.isArray(value) && value.every(isOrigin),
		describe: (value) => (value.length > 0 ? value.join(', ') : 'none')
	},
	licences: {
		label: 'Accepted licences of models',
		accepts: (value) => Array.isArray(value) && value.every(isAcceptedLicence),
		describe: (value) => value.map(({ entry, name }) => `${entry}: ${name}`).join(', ') || 'none'
	},
	lastCollection: null,
	clock: null
};

/** Whether that is a setting of the user's, with a value that it may have. */
export function isSettingRow(row: unknown): row is SettingRow {
	if (typeof row !== 'object' || row === null) return false;
	const { name, value } = row as { readonly name?: unknown; readonly value?: unknown };
	if (typeof name !== 'string' || !Object.hasOwn(kinds, name)) return false;
	return kinds[name as SettingName]?.accepts(value) ?? false;
}

/** What differs, a line for each setting: `Appearance: dark → light`. */
export function settingChanges(
	present: readonly SettingRow[],
	wanted: readonly SettingRow[]
): string[] {
	return (Object.keys(kinds) as SettingName[]).flatMap((name) => {
		const named = (row: SettingRow): boolean => row.name === name;
		const [before, after] = [present.find(named), wanted.find(named)];
		if (canonicalJson(before) === canonicalJson(after)) return [];
		return [`${kinds[name]?.label ?? name}: ${textOf(before)} → ${textOf(after)}`];
	});
}

function textOf(row: SettingRow | undefined): string {
	if (!row) return 'not set';
	// A row's value has the type that belongs to its key.
	const kind = kinds[row.name] as { readonly describe: (value: unknown) => string } | null;
	return kind?.describe(row.value) ?? '';
}

function isDownloadSettings(value: unknown): value is DownloadSettings {
	if (typeof value !== 'object' || value === null) return false;
	const { mirrors, officialHost, bytesPerSecond } = value as Partial<DownloadSettings>;
	return (
		Array.isArray(mirrors) &&
		mirrors.every(isMirror) &&
		typeof officialHost === 'boolean' &&
		(bytesPerSecond === null || (Number.isFinite(bytesPerSecond) && Number(bytesPerSecond) > 0))
	);
}

function isMirror(value: unknown): boolean {
	if (typeof value !== 'string') return false;
	const mirror = parseMirror(value);
	return 'address' in mirror && mirror.address === value;
}

function isAcceptedLicence(value: unknown): boolean {
	if (typeof value !== 'object' || value === null) return false;
	const { entry, name } = value as Partial<AcceptedLicence>;
	return typeof entry === 'string' && typeof name === 'string';
}

function isOrigin(value: unknown): boolean {
	return typeof value === 'string' && isMirror(`${value}/`) && URL.parse(value)?.origin === value;
}
