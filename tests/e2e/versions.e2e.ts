import type { Page } from '@playwright/test';
import { longFile, markdownFile } from './documents.ts';
import { expectAccessible } from './expect-accessible.ts';
import { expect, test, type Profile } from './profile.ts';
import { addDocuments, planUpgrade, search } from './steps.ts';

const engineOf = (page: Page) => page.getByRole('status', { name: 'Engine' });
const outdated = (page: Page) =>
	page.getByText('A newer version of SAM is open in another tab. Reload this tab.');
const follows = (page: Page) => page.getByText('SAM is in use in another tab.');
const belongsToNewer = (page: Page) =>
	page.getByText('belongs to a newer version of it than this tab runs.');

/** A page of the same origin in which the app does not run. The browser looks for an icon there, in vain. */
async function openBare(profile: Profile): Promise<Page> {
	const page = await profile.open('/catalog.json');
	await expect.poll(() => profile.complaints.some((text) => text.includes('favicon'))).toBe(true);
	const others = profile.complaints.filter((text) => !text.includes('favicon'));
	profile.complaints.splice(0, Infinity, ...others);
	return page;
}

/** What a later version of SAM does first: it brings the database to its own version. */
async function openAsNewer(page: Page): Promise<number> {
	return page.evaluate(async () => {
		const found = (await indexedDB.databases()).find(({ name }) => name === 'sam');
		return new Promise<number>((resolve, reject) => {
			const opening = indexedDB.open('sam', (found?.version ?? 0) + 1);
			opening.onblocked = () => reject(new Error('Some connection does not give way.'));
			opening.onerror = () => reject(new Error('The database cannot be opened.'));
			opening.onsuccess = () => {
				opening.result.close();
				resolve(opening.result.version);
			};
		});
	});
}

test('tabs with an older SAM stop when a newer one has the data, and ask for a reload', async ({
	profile
}) => {
	test.setTimeout(300_000);
	const first = await profile.open('/');
	await addDocuments(first, [longFile(300), markdownFile]);
	const second = await profile.open('/memory/engines');
	await expect(follows(second)).toBeVisible();
	await planUpgrade(first, { embedding: 'Starter 2' });
	await first.getByRole('button', { name: 'Start upgrade' }).click();

	const newer = await openBare(profile);
	// Not one connection stands in its way: neither those of the pages nor those of their workers.
	await openAsNewer(newer);
	for (const page of [first, second]) {
		await expect(outdated(page), page.url()).toBeVisible();
		await expect(follows(page)).toHaveCount(0);
		await expect(page.getByRole('alert')).toHaveCount(0);
	}
	await first.bringToFront();
	await first.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Chat' }).click();
	await expect(outdated(first)).toBeVisible();
	await expectAccessible(first, 'A tab that is out of date');

	await test.step('an older SAM that opens newer data says so, and names one thing to do', async () => {
		await first.getByRole('button', { name: 'Reload' }).click();
		await expect(belongsToNewer(first)).toBeVisible();
		await expect(first.getByRole('main').getByRole('button')).toHaveCount(1);
		await expect(first.getByRole('button', { name: 'Reload' })).toBeVisible();
		await expectAccessible(first, 'Data of a newer version');
	});
});

test('of two builds, the tab with the older one gives the lead to the newer one', async ({
	profile
}) => {
	const older = await profile.open('/');
	await addDocuments(older, [markdownFile]);
	await expect(engineOf(older)).toContainText('ready');
	const newer = await openBare(profile);
	await newer.evaluate(() => {
		new BroadcastChannel('sam').postMessage({ type: 'hello', build: 'of-tomorrow' });
	});
	await expect(outdated(older)).toBeVisible();
	await newer.close();

	const next = await profile.open('/');
	await expect(engineOf(next)).toContainText('ready');
	await expect(follows(next)).toHaveCount(0);
	await expect(outdated(older)).toBeVisible();
	await older.bringToFront();
	await older.getByRole('button', { name: 'Reload' }).click();
	await expect(follows(older)).toBeVisible();
	expect((await search(next, 'royal jelly'))[0]).toContain('beekeeping-notes.md');
});
