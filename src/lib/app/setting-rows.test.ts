import { expect, test } from 'vitest';
import { isSettingRow, settingChanges } from './setting-rows.ts';
import type { SettingRow } from './settings-record.ts';

const downloads = {
	mirrors: ['https://mirror.example/'],
	officialHost: false,
	bytesPerSecond: 5_000_000
};

test.each<[unknown]>([
	[{ name: 'appearance', value: 'system' }],
	[{ name: 'downloads', value: downloads }],
	[{ name: 'downloads', value: { mirrors: [], officialHost: true, bytesPerSecond: null } }],
	[{ name: 'hosts', value: [] }],
	[{ name: 'hosts', value: ['https://models.example', 'http://localhost:8080'] }]
])('knows %j for a setting', (row) => {
	expect(isSettingRow(row)).toBe(true);
});

test.each<[unknown]>([
	[null],
	['appearance'],
	[{ name: 'toString', value: 'dark' }],
	[{ name: 'appearance', value: 7 }],
	[{ name: 'downloads', value: { ...downloads, bytesPerSecond: 0 } }],
	[{ name: 'downloads', value: { ...downloads, bytesPerSecond: '5' } }],
	[{ name: 'downloads', value: { ...downloads, mirrors: ['ftp://mirror.example/'] } }],
	[{ name: 'hosts', value: ['https://user:secret@models.example'] }]
])('does not take %j for one', (row) => {
	expect(isSettingRow(row)).toBe(false);
});

test('tells what differs, a line for each setting, and nothing else', () => {
	const present: SettingRow[] = [
		{ name: 'appearance', value: 'dark' },
		{ name: 'hosts', value: ['https://models.example'] }
	];
	const wanted: SettingRow[] = [
		{ name: 'downloads', value: downloads },
		{ name: 'appearance', value: 'dark' },
		{ name: 'hosts', value: [] }
	];
	expect(settingChanges(present, wanted)).toEqual([
		'Downloads: not set → mirrors https://mirror.example/; no official host; 5.0 MB a second',
		'Hosts that may be asked for models: https://models.example → none'
	]);
	expect(settingChanges(present, [...present].reverse())).toEqual([]);
});
