import type { Locator, Page } from '@playwright/test';
import { markdownFile, wordyFile } from '../documents.ts';
import { download, modelOf, openLibrary } from '../library-steps.ts';
import { expect, test, type Profile } from '../profile.ts';
import { setQuota, usageOf } from '../quota.ts';
import { addDocuments, ask, planUpgrade, search, upgrade } from '../steps.ts';
import {
	expectIndexed,
	expectTidy,
	expectWhole,
	readStoredData,
	type StoredData
} from '../stored-data.ts';

const patience = { timeout: 180_000 };
/** The database goes on by the room that it had found, for half a minute at most, milliseconds. */
const untilNoticed = 31_000;
const engineOf = (page: Page): Locator => page.getByRole('status', { name: 'Engine' });

async function prepare(page: Page, passages: number): Promise<StoredData> {
	await addDocuments(page, [wordyFile('almanac.md', passages), markdownFile]);
	await expectIndexed(page);
	await ask(page, 'When does swarming begin?');
	return readStoredData(page);
}

/** How many passages have been embedded for the new index, from the progress bar's words. */
async function embedded(page: Page): Promise<number> {
	const bar = page.getByRole('progressbar', { name: 'Upgrade progress' });
	const text = (await bar.getAttribute('aria-valuetext')) ?? '';
	return Number(/(\d+) of \d+ passages/.exec(text)?.[1] ?? 0);
}

/** From now on the database has so many bytes more than it takes, and knows it. */
async function leaveRoom(profile: Profile, page: Page, bytes: number): Promise<void> {
	await setQuota(profile, page, (await usageOf(page)) + bytes);
	await page.waitForTimeout(untilNoticed);
}

/** What the index that the upgrade builds has vectors of, in the order in which they were stored. */
function textsOfNewIndex({ blocks, journals }: StoredData): string[] {
	const index = journals.at(-1)?.[0]?.plan?.to.index;
	const own = blocks.filter(({ indexId }) => indexId === index);
	return own.flatMap(({ textHashes }) => textHashes);
}

test('room that runs out while it re-embeds pauses it, and what was embedded stays', async ({
	profile
}) => {
	test.setTimeout(15 * 60_000);
	const page = await profile.open('/');
	await openLibrary(page);
	await download(modelOf(page, 'Tiny BERT 96'));
	// Many: the database may make some room by itself when it tidies up.
	const before = await prepare(page, 9000);
	await planUpgrade(page, { embedding: 'Tiny BERT 96', uncompared: true });
	await page.getByRole('button', { name: 'Start upgrade' }).click();
	await expect.poll(() => embedded(page), { intervals: [20], ...patience }).toBeGreaterThan(0);
	// Paused meanwhile: that there is too little room is noticed before an upgrade begins.
	await page.getByRole('button', { name: 'Pause' }).click();
	await expect(page.getByText('Paused.')).toBeVisible();
	await leaveRoom(profile, page, 150_000);
	await page.getByRole('button', { name: 'Resume' }).click();
	await expect(page.getByText('The browser has no more room for SAM.').first()).toBeVisible();
	const paused = await readStoredData(page);
	expectWhole(paused, before);
	const stored = textsOfNewIndex(paused);
	expect(stored).not.toEqual([]);
	expect((await search(page, 'royal jelly')).join('\n')).toContain(markdownFile.name);

	await setQuota(profile, page, null);
	// Within the page: loaded anew, it goes on by itself where even the pause could not be written.
	await page.goBack();
	await page.getByRole('button', { name: 'Resume' }).click();
	await expect(engineOf(page)).toContainText('trial', patience);
	const onTrial = await readStoredData(page);
	expectWhole(onTrial, before);
	// In their old places: they were not embedded anew.
	expect(textsOfNewIndex(onTrial).slice(0, stored.length)).toEqual(stored);
});

test('Undo that cannot be written changes nothing, and is done once there is room', async ({
	profile
}) => {
	test.setTimeout(15 * 60_000);
	const page = await profile.open('/');
	const before = await prepare(page, 100);
	await planUpgrade(page, { embedding: 'Starter 2', chat: 'Starter 2' });
	await upgrade(page);
	await leaveRoom(profile, page, 0);
	await engineOf(page).getByRole('button', { name: 'Undo' }).click();
	await page.waitForTimeout(2000);
	await expect(engineOf(page)).toContainText(/Starter \d.*(trial|ready)/, patience);
	expectWhole(await readStoredData(page), before);

	await setQuota(profile, page, null);
	const undo = engineOf(page).getByRole('button', { name: 'Undo' });
	if (await undo.isVisible()) await undo.click();
	await expect(engineOf(page)).toContainText(/Starter 1.*ready/, patience);
	const after = await readStoredData(page);
	expectWhole(after, before);
	expectTidy(after);
});
