import type { Page } from '@playwright/test';
import { htmlFile, markdownFile } from './documents.ts';
import { expectAccessible } from './expect-accessible.ts';
import { expect, test } from './profile.ts';
import { addDocuments, chooseEngine, search, upgrade } from './steps.ts';

const swarm = 'when does a colony leave the hive';

/** The wizard's first page. */
async function openWizard(page: Page): Promise<void> {
	await page.getByRole('status', { name: 'Engine' }).getByRole('link').click();
	await page.getByRole('button', { name: 'Upgrade engine' }).click();
	await expect(heading(page)).toHaveText('Step 1 of 5: Choose');
}

/** From the first page to the review. */
async function review(page: Page): Promise<void> {
	for (const title of ['Step 2 of 5: Options', 'Step 3 of 5: Backup', 'Step 4 of 5: Review']) {
		await page.getByRole('button', { name: 'Next' }).click();
		await expect(heading(page)).toHaveText(title);
	}
}

const heading = (page: Page) => page.getByRole('heading', { level: 1 });
const scheduled = (page: Page) => page.getByRole('region', { name: /^Scheduled:/ });

test('the index is rebuilt with the engine in use, and finds as before', async ({ profile }) => {
	const page = await profile.open('/');
	await addDocuments(page, [markdownFile, htmlFile]);
	const before = await search(page, swarm);
	await openWizard(page);
	await page.getByRole('checkbox', { name: 'Rebuild the index' }).check();
	await review(page);
	const main = page.getByRole('main');
	await expect(main).toContainText('will be embedded anew');
	await expect(main).toContainText('Starter 1 stays the embedding engine.');
	await upgrade(page);
	await expect(page.getByRole('table', { name: 'Comparison' })).toBeVisible();
	expect(await search(page, swarm)).toEqual(before);
	await page.getByRole('status', { name: 'Engine' }).getByRole('button', { name: 'Undo' }).click();
	await expect(page.getByRole('status', { name: 'Engine' })).toContainText('ready');
	expect(await search(page, swarm)).toEqual(before);
});

test('passages are cut shorter, search still finds, and History names it', async ({ profile }) => {
	const page = await profile.open('/');
	await addDocuments(page, [markdownFile, htmlFile]);
	await openWizard(page);
	const sizes = page.getByRole('radiogroup', { name: 'Size of a passage' });
	await expect(sizes.getByRole('radio', { name: /^Medium, in use/ })).toBeChecked();
	await sizes.getByRole('radio', { name: /^Short/ }).check();
	await review(page);
	await expect(page.getByRole('main')).toContainText('Passages get shorter: 500 characters');
	await upgrade(page);
	await page.getByRole('main').getByRole('button', { name: 'Keep' }).click();
	await expect(page.getByRole('status', { name: 'Engine' })).toContainText('ready');
	expect((await search(page, swarm))[0]).toContain('beekeeping-notes.md');
	await page.getByRole('link', { name: 'History' }).click();
	await expect(page.getByRole('list', { name: 'Upgrades' })).toContainText('500 characters');
	await page.reload();
	await openWizard(page);
	await expect(sizes.getByRole('radio', { name: /^Short, in use/ })).toBeChecked();
});

test('an upgrade for later survives a restart, gives way only when asked, and is cancelled', async ({
	profile
}) => {
	let page = await profile.open('/');
	await addDocuments(page, [markdownFile]);
	await openWizard(page);
	await page.getByRole('checkbox', { name: 'Rebuild the index' }).check();
	await review(page);
	await page.getByRole('button', { name: 'Start later…' }).click();
	const dialog = page.getByRole('dialog', { name: 'Start later' });
	await expect(dialog).toContainText('SAM must be open in a tab then.');
	await expectAccessible(page, 'the choice of a time');
	await dialog.getByRole('radio', { name: /^When idle/ }).check();
	await dialog.getByRole('button', { name: 'Schedule' }).click();
	await expect(heading(page)).toHaveText('Step 1 of 5: Choose');
	await expect(heading(page)).toBeFocused();
	await expect(scheduled(page)).toContainText('nobody has used this device for 5 minutes');
	await expectAccessible(page, 'a scheduled upgrade');
	await page.getByRole('link', { name: 'Memory' }).click();
	await page.getByRole('link', { name: 'History' }).click();
	await expect(scheduled(page)).toContainText('while SAM is open in a tab');

	await profile.kill();
	page = await profile.open('/');
	await openWizard(page);
	await expect(scheduled(page)).toContainText('SAM must be open in a tab then');

	await page.getByRole('checkbox', { name: 'Rebuild the index' }).check();
	await review(page);
	await page.getByRole('button', { name: 'Start upgrade' }).click();
	const question = page.getByRole('alertdialog', { name: 'Start this one instead?' });
	await expect(question).toContainText('the scheduled one is given up');
	await question.getByRole('button', { name: 'Cancel' }).click();
	await expect(heading(page)).toHaveText('Step 4 of 5: Review');

	for (let at = 0; at < 3; at++) await page.getByRole('button', { name: 'Back' }).click();
	await page.getByRole('button', { name: 'Cancel scheduled upgrade' }).click();
	await expect(scheduled(page)).toHaveCount(0);
	await expect(heading(page)).toBeFocused();
	await page.reload();
	await expect(heading(page)).toHaveText('Step 1 of 5: Choose');
	await expect(page.getByRole('status', { name: 'Engine' })).toContainText('ready');
	await expect(scheduled(page)).toHaveCount(0);
});

test('the reviewed plan is saved as a file', async ({ profile }) => {
	const page = await profile.open('/');
	await openWizard(page);
	await page.getByRole('checkbox', { name: 'Rebuild the index' }).check();
	await review(page);
	const saving = page.waitForEvent('download');
	await page.getByRole('button', { name: 'Save plan as file' }).click();
	expect((await saving).suggestedFilename()).toBe('upgrade-plan.json');
});

test('terms of use are asked for once', async ({ profile }) => {
	const page = await profile.open('/');
	await openWizard(page);
	await chooseEngine(page, 'Embedding engine', 'Termed BERT');
	await review(page);
	const start = page.getByRole('button', { name: 'Start upgrade' });
	const accept = page.getByRole('checkbox', { name: 'I accept the licence of Termed BERT' });
	await expect(page.getByRole('alert')).toContainText('which you have not accepted');
	await expect(page.getByRole('link', { name: /^Termed Terms of Use/ })).toBeVisible();
	await expect(start).toBeDisabled();
	await expectAccessible(page, 'a licence to accept');
	await accept.check();
	await expect(start).toBeEnabled();
	await expect(accept).toBeFocused();

	await page.reload();
	await openWizard(page);
	await chooseEngine(page, 'Embedding engine', 'Termed BERT');
	await review(page);
	await expect(accept).toBeChecked();
	await expect(start).toBeEnabled();
	await accept.uncheck();
	await expect(start).toBeDisabled();
});
