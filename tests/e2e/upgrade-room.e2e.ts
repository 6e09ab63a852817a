import type { Locator, Page } from '@playwright/test';
import { markdownFile, wordyFile } from './documents.ts';
import { ballastBytes, partBytes } from './hub-models.ts';
import { useHub } from './library-steps.ts';
import { expect, test } from './profile.ts';
import { setQuota, usageOf } from './quota.ts';
import { addDocuments, ask, planUpgrade, search } from './steps.ts';
import { expectIndexed, expectWhole, readStoredData, type StoredData } from './stored-data.ts';

const patience = { timeout: 120_000 };
const engineOf = (page: Page): Locator => page.getByRole('status', { name: 'Engine' });
const stepsOf = (page: Page): Locator => page.getByRole('list', { name: 'Progress by step' });

/** Documents that are indexed, and a chat; with what lies on the disk then. */
async function prepare(page: Page, passages: number): Promise<StoredData> {
	await addDocuments(page, [wordyFile('almanac.md', passages), markdownFile]);
	await expectIndexed(page);
	await ask(page, 'When does swarming begin?');
	return readStoredData(page);
}

test('without room for its model an upgrade fetches nothing and changes nothing', async ({
	profile,
	hub
}) => {
	test.setTimeout(360_000);
	const page = await profile.open('/');
	await useHub(page, hub);
	const before = await prepare(page, 20);
	await planUpgrade(page, { embedding: 'Big BERT', uncompared: true });
	await setQuota(profile, page, (await usageOf(page)) + 8e6);
	await page.getByRole('button', { name: 'Start upgrade' }).click();
	await expect(stepsOf(page)).toContainText(
		/The upgrade needs [\d.]+ MB and about [\d.]+ MB are free/,
		patience
	);
	expect(hub.sent('ballast.bin')).toBe(0);
	expectWhole(await readStoredData(page), before);

	await setQuota(profile, page, null);
	await page.getByRole('button', { name: 'Resume' }).click();
	await expect(engineOf(page)).toContainText('trial', patience);
	expectWhole(await readStoredData(page), before);
});

test('room that runs out in mid-download pauses the upgrade, and with room it goes on', async ({
	profile,
	hub
}) => {
	test.setTimeout(360_000);
	const page = await profile.open('/');
	await useHub(page, hub);
	const before = await prepare(page, 20);
	await planUpgrade(page, { embedding: 'Big BERT', uncompared: true });
	hub.bytesPerSecond = 6e6;
	await page.getByRole('button', { name: 'Start upgrade' }).click();
	await expect.poll(() => hub.sent('ballast.bin'), patience).toBeGreaterThan(partBytes);
	await setQuota(profile, page, await usageOf(page));
	await expect(stepsOf(page)).toContainText('The browser has no more room for SAM.', patience);
	expectWhole(await readStoredData(page), before);
	expect((await search(page, 'royal jelly')).join('\n')).toContain(markdownFile.name);

	await setQuota(profile, page, null);
	hub.bytesPerSecond = 0;
	await page.goto(new URL('/upgrade', page.url()).href);
	await page.getByRole('button', { name: 'Resume' }).click();
	await expect(engineOf(page)).toContainText('trial', patience);
	expect(hub.sent('ballast.bin')).toBeLessThan(ballastBytes + 2 * partBytes);
	expectWhole(await readStoredData(page), before);
});
