import { beforeEach, describe, expect, test } from 'vitest';
import {
	defaultDownloadSettings,
	type DownloadSettings
} from '../../library/download/download-settings.ts';
import { MemoryRecordStore } from '../../testing/memory-record-store.ts';
import { NetworkSettings } from './network-settings.svelte.ts';

let records: MemoryRecordStore;
let applied: DownloadSettings[];
let reachable: (readonly string[])[];
let network: NetworkSettings;

const start = async (): Promise<NetworkSettings> => {
	const settings = new NetworkSettings({
		records,
		ownOrigin: 'https://sam.example',
		applyDownloads: async (downloads) => void applied.push(downloads),
		applyHosts: async (origins) => void reachable.push(origins)
	});
	await settings.load();
	return settings;
};

beforeEach(async () => {
	records = new MemoryRecordStore();
	applied = [];
	reachable = [];
	network = await start();
});

describe('settings about downloads', () => {
	test('are the defaults until they are changed, and in force from the start', () => {
		expect(network.downloads).toEqual(defaultDownloadSettings);
		expect(applied).toEqual([defaultDownloadSettings]);
		expect(reachable).toEqual([[]]);
	});

	test('are there again after a reload', async () => {
		await network.addMirror('https://mirror.example');
		await network.setOfficialHost(false);
		await network.setSpeedLimit('2,5');
		const again = await start();
		expect(again.downloads).toEqual({
			mirrors: ['https://mirror.example/'],
			officialHost: false,
			bytesPerSecond: 2_500_000
		});
		expect(applied.at(-1)).toEqual(again.downloads);
	});
});

describe('mirrors', () => {
	test('stay in the order in which they were added, and may be reached', async () => {
		expect(await network.addMirror('https://b.example/hf')).toBeNull();
		expect(await network.addMirror('https://a.example')).toBeNull();
		expect(network.downloads.mirrors).toEqual(['https://b.example/hf/', 'https://a.example/']);
		expect(reachable.at(-1)).toEqual(['https://b.example', 'https://a.example']);
		await network.removeMirror('https://b.example/hf/');
		expect(network.downloads.mirrors).toEqual(['https://a.example/']);
		expect(reachable.at(-1)).toEqual(['https://a.example']);
	});

	test('are taken once, and only when they are addresses', async () => {
		await network.addMirror('https://a.example');
		expect(await network.addMirror('https://a.example/')).toMatch(/already/);
		expect(await network.addMirror('a.example')).toMatch(/no address/);
		expect(network.downloads.mirrors).toEqual(['https://a.example/']);
	});
});

describe('the speed limit', () => {
	test('is lifted by an empty field', async () => {
		await network.setSpeedLimit('1');
		expect(await network.setSpeedLimit('  ')).toBeNull();
		expect(network.downloads.bytesPerSecond).toBeNull();
	});

	test.for(['0', '-1', 'fast', 'Infinity'])('is not "%s"', async (text) => {
		await network.setSpeedLimit('3');
		expect(await network.setSpeedLimit(text)).toMatch(/above 0/);
		expect(network.downloads.bytesPerSecond).toBe(3_000_000);
	});
});

describe('a host', () => {
	test.for([
		'https://sam.example',
		'https://huggingface.co',
		'https://hf.co',
		'https://github.com'
	])('%s needs no permission', (origin) => {
		expect(network.mayContact(origin)).toBe(true);
	});

	test('that nobody knows is asked for nothing until it is allowed, and is forgotten again', async () => {
		const origin = 'https://models.example';
		expect(network.mayContact(origin)).toBe(false);
		await network.allowHost(origin);
		await network.allowHost(origin);
		expect(network.mayContact(origin)).toBe(true);
		expect((await start()).hosts).toEqual([origin]);
		expect(reachable.at(-1)).toEqual([origin]);
		await network.forgetHost(origin);
		expect(network.mayContact(origin)).toBe(false);
		expect(reachable.at(-1)).toEqual([]);
	});

	test('of a mirror may be asked', async () => {
		await network.addMirror('https://mirror.example/hf');
		expect(network.mayContact('https://mirror.example')).toBe(true);
	});
});
