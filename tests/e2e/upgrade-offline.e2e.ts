import type { Locator, Page } from '@playwright/test';
import { markdownFile, wordyFile } from './documents.ts';
import { ballastBytes, partBytes } from './hub-models.ts';
import { useHub } from './library-steps.ts';
import { expect, test, type Profile } from './profile.ts';
import { addDocuments, ask, planUpgrade, search, upgrade } from './steps.ts';
import { expectIndexed, expectTidy, expectWhole, readStoredData } from './stored-data.ts';

const patience = { timeout: 120_000 };
const engineOf = (page: Page): Locator => page.getByRole('status', { name: 'Engine' });

async function goOffline(profile: Profile, offline: boolean): Promise<void> {
	await (await profile.context()).setOffline(offline);
}

test('without a network an upgrade waits and says so, the old engine answers, and it goes on by itself', async ({
	profile,
	hub
}) => {
	test.setTimeout(360_000);
	const page = await profile.open('/');
	await useHub(page, hub);
	await addDocuments(page, [wordyFile('almanac.md', 60), markdownFile]);
	await expectIndexed(page);
	await planUpgrade(page, { embedding: 'Big BERT', uncompared: true });
	hub.bytesPerSecond = 6e6;
	await page.getByRole('button', { name: 'Start upgrade' }).click();
	await expect.poll(() => hub.sent('ballast.bin'), patience).toBeGreaterThan(partBytes);
	await goOffline(profile, true);
	// The browser lets a stream that is open come to its end.
	hub.disconnect();
	await expect(page.getByRole('list', { name: 'Progress by step' })).toContainText(
		'Waiting for the network.',
		patience
	);
	await ask(page, 'When does swarming begin?');
	await expect(page.getByRole('article', { name: 'Assistant' })).toContainText(
		'Extractive: Starter 1'
	);
	const before = await readStoredData(page);
	await goOffline(profile, false);
	hub.bytesPerSecond = 0;
	await expect(engineOf(page)).toContainText('trial', patience);
	expect(hub.sent('ballast.bin')).toBeLessThan(ballastBytes + 2 * partBytes);
	const after = await readStoredData(page);
	expectWhole(after, before);
	expect(after.setup.current.embedding.name).toBe('Big BERT');
});

test('an upgrade that downloads nothing needs no network at all', async ({ profile }) => {
	test.setTimeout(360_000);
	const page = await profile.open('/');
	await addDocuments(page, [wordyFile('almanac.md', 60), markdownFile]);
	await expectIndexed(page);
	await ask(page, 'When does swarming begin?');
	const before = await readStoredData(page);
	// From then on all that the app is made of is on this device.
	await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
	await goOffline(profile, true);
	await planUpgrade(page, { chat: 'Starter 2', embedding: 'Starter 2' });
	await upgrade(page);
	expect((await search(page, 'royal jelly')).join('\n')).toContain(markdownFile.name);
	await engineOf(page).getByRole('button', { name: 'Keep' }).click();
	await expect(engineOf(page)).toContainText('ready', patience);
	await page.reload();
	await expect(engineOf(page)).toContainText(/Starter 2.*ready/, patience);
	const after = await readStoredData(page);
	expectWhole(after, before);
	expectTidy(after);
});
