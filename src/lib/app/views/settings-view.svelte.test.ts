import { beforeEach, expect, test } from 'vitest';
import { MemoryRecordStore } from '../../testing/memory-record-store.ts';
import type { Appearance } from '../settings-record.ts';
import { NetworkSettings } from './network-settings.svelte.ts';
import { SettingsView } from './settings-view.svelte.ts';

let records: MemoryRecordStore;
let shown: Appearance[];
let persisted: boolean;

const start = async (): Promise<SettingsView> => {
	const nothing = (): Promise<void> => Promise.resolve();
	const network = new NetworkSettings({
		...{ records, ownOrigin: 'https://sam.example' },
		...{ applyDownloads: nothing, applyHosts: nothing }
	});
	const settings = new SettingsView({
		...{ records, network },
		estimate: async () => ({ usage: 1, quota: 2, persisted }),
		persist: async () => (persisted = true),
		show: (appearance) => shown.push(appearance)
	});
	await settings.load();
	return settings;
};

beforeEach(() => {
	records = new MemoryRecordStore();
	shown = [];
	persisted = false;
});

test('the appearance is shown at once, and after a reload', async () => {
	const settings = await start();
	expect(settings.appearance).toBe('system');
	await settings.setAppearance('dark');
	expect((await start()).appearance).toBe('dark');
	expect(shown).toEqual(['system', 'dark', 'dark']);
});

test('tells what the browser answered, and the new state', async () => {
	const settings = await start();
	await settings.measure();
	expect([settings.persistAnswer, settings.storage?.persisted]).toEqual([null, false]);
	await settings.persist();
	expect([settings.persistAnswer, settings.storage?.persisted]).toEqual([true, true]);
});

test('the settings about the network are in force once they are loaded', async () => {
	const first = await start();
	await first.network.addMirror('https://mirror.example');
	expect((await start()).network.downloads.mirrors).toEqual(['https://mirror.example/']);
});
