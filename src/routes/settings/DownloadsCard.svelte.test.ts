import { beforeEach, expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-svelte';
import { NetworkSettings } from '$lib/app/views/network-settings.svelte.ts';
import { MemoryRecordStore } from '$lib/testing/memory-record-store.ts';
import DownloadsCard from './DownloadsCard.svelte';

let network: NetworkSettings;
const mirrors = page.getByRole('textbox', { name: 'Mirrors' });
const speed = page.getByRole('spinbutton', { name: 'Speed limit in MB/s' });
const official = page.getByRole('checkbox', { name: /^Ask huggingface\.co/ });

beforeEach(async () => {
	const nothing = (): Promise<void> => Promise.resolve();
	network = new NetworkSettings({
		records: new MemoryRecordStore(),
		ownOrigin: 'https://sam.example',
		...{ applyDownloads: nothing, applyHosts: nothing }
	});
	await render(DownloadsCard, { network });
});

test('a mirror is added, shown, and removed', async () => {
	await mirrors.fill('https://mirror.example');
	await userEvent.keyboard('{Enter}');
	const list = page.getByRole('list', { name: 'Mirrors' });
	await expect.element(list).toMatchTextContent('https://mirror.example/');
	await page.getByRole('button', { name: 'Remove https://mirror.example/' }).click();
	await expect.poll(() => list.query()).toBeNull();
	expect(network.downloads.mirrors).toEqual([]);
});

test('says what is wrong with a mirror', async () => {
	await mirrors.fill('http://mirror.example');
	await userEvent.keyboard('{Enter}');
	await expect.element(mirrors).toHaveAccessibleDescription(/needs https/);
});

test('warns when nothing could be downloaded any more', async () => {
	await official.click();
	await expect.element(page.getByRole('status')).toMatchTextContent('Nothing can be downloaded');
	expect(network.downloads.officialHost).toBe(false);
});

test('a speed limit is set, refused, and lifted', async () => {
	await speed.fill('2.5');
	await userEvent.tab();
	await expect.poll(() => network.downloads.bytesPerSecond).toBe(2_500_000);
	await speed.fill('0');
	await userEvent.tab();
	await expect.element(speed).toHaveAccessibleDescription(/above 0/);
	await speed.fill('');
	await userEvent.tab();
	await expect.poll(() => network.downloads.bytesPerSecond).toBeNull();
});

test('a host that was allowed can be forgotten', async () => {
	await network.allowHost('https://example.org');
	const list = page.getByRole('list', { name: 'Other hosts you have allowed' });
	await expect.element(list).toMatchTextContent('https://example.org');
	await page.getByRole('button', { name: 'Forget https://example.org' }).click();
	await expect.poll(() => list.query()).toBeNull();
});
