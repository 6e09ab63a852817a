import { longFile, markdownFile } from './documents.ts';
import { expect, test, type Profile } from './profile.ts';
import { addDocuments, ask, planUpgrade, search } from './steps.ts';
import type { Page } from '@playwright/test';

const ledger = longFile(700);
const engineOf = (page: Page) => page.getByRole('status', { name: 'Engine' });
const progressOf = (page: Page) => page.getByRole('progressbar', { name: 'Upgrade progress' });

/** Documents and a plan from Starter 1 to Starter 2 that is ready to be started. */
async function prepare(profile: Profile): Promise<Page> {
	const page = await profile.open('/');
	await addDocuments(page, [ledger, markdownFile]);
	await planUpgrade(page, { chat: 'Starter 2', embedding: 'Starter 2' });
	return page;
}

/** How many passages have been embedded for the new index, from the progress bar's words. */
async function embedded(page: Page): Promise<number> {
	const text = (await progressOf(page).getAttribute('aria-valuetext')) ?? '';
	return Number(/(\d+) of \d+ passages/.exec(text)?.[1] ?? 0);
}

test('killed while it re-embeds, an upgrade goes on where it was and loses nothing', async ({
	profile
}) => {
	let page = await prepare(profile);
	await page.getByRole('button', { name: 'Start upgrade' }).click();
	await expect.poll(() => embedded(page), { intervals: [20], timeout: 60_000 }).toBeGreaterThan(0);
	const before = await embedded(page);
	await profile.kill();

	page = await profile.open('/upgrade');
	// Nothing has been switched: the old engine answers at once, and the upgrade goes on by itself.
	await expect(progressOf(page)).toBeVisible({ timeout: 60_000 });
	await expect.poll(() => embedded(page), { timeout: 60_000 }).toBeGreaterThanOrEqual(before);
	await expect(engineOf(page)).toContainText('trial', { timeout: 90_000 });
	await expect(engineOf(page)).toContainText('Starter 2');
	const found = await search(page, 'entry 345 of the ledger');
	expect(found[0]).toContain('ledger.md');
	await expect(page.getByRole('table', { name: 'Documents' }).getByRole('row')).toHaveCount(3);
});

test('killed again and again, it still ends, and Undo brings the old engine back', async ({
	profile
}) => {
	test.setTimeout(240_000);
	let page = await prepare(profile);
	await page.getByRole('button', { name: 'Start upgrade' }).click();
	for (const patience of [150, 600, 1200]) {
		await page.waitForTimeout(patience);
		await profile.kill();
		page = await profile.open('/upgrade');
		await expect(engineOf(page)).toContainText(/upgrading|trial/, { timeout: 60_000 });
	}
	await expect(engineOf(page)).toContainText('trial', { timeout: 90_000 });
	await engineOf(page).getByRole('button', { name: 'Undo' }).click();
	await expect(engineOf(page)).toContainText('ready', { timeout: 60_000 });
	await expect(engineOf(page)).toContainText('Starter 1');
	expect((await search(page, 'royal jelly'))[0]).toContain('beekeeping-notes.md');
});

test('killed right after the switch, the new engine is in use, on trial, and can be undone', async ({
	profile
}) => {
	let page = await prepare(profile);
	await page.getByRole('button', { name: 'Start upgrade' }).click();
	await expect(engineOf(page)).toContainText('Starter 2', { timeout: 90_000 });
	await profile.kill();

	page = await profile.open('/');
	await expect(engineOf(page)).toContainText('trial', { timeout: 60_000 });
	await expect(engineOf(page)).toContainText('Starter 2');
	await ask(page, 'How many crates of apples does entry 100 of the ledger list?');
	await expect(page.getByRole('article', { name: 'Assistant' }).last()).toContainText('300 crates');
	await engineOf(page).getByRole('button', { name: 'Undo' }).click();
	await expect(engineOf(page)).toContainText('Starter 1', { timeout: 60_000 });
	await ask(page, 'How many crates of apples does entry 100 of the ledger list?');
	await expect(page.getByRole('article', { name: 'Assistant' }).last()).toContainText('300 crates');
});

test('paused, it waits over a restart until it is resumed; stopped, the old engine stays', async ({
	profile
}) => {
	let page = await prepare(profile);
	await page.getByRole('button', { name: 'Start upgrade' }).click();
	await page.getByRole('button', { name: 'Pause' }).click();
	await expect(page.getByRole('button', { name: 'Resume' })).toBeVisible();
	await profile.kill();

	page = await profile.open('/upgrade');
	await expect(page.getByRole('button', { name: 'Resume' })).toBeVisible({ timeout: 60_000 });
	await expect(engineOf(page)).toContainText('Starter 1');
	await page.getByRole('button', { name: 'Stop' }).click();
	await expect(page.getByText('The previous engine is in use.')).toBeVisible();
	await expect(engineOf(page)).toContainText('Starter 1');
	await expect(engineOf(page)).toContainText('ready');
});
