import { expect, type Locator, type Page } from '@playwright/test';
import type { TestFile } from './documents.ts';

/**
 * What a person does, in their words, in the tab that is in front: one behind others draws a frame a second, and each
 * press would wait for two. All of it goes through roles and names.
 */

export async function addDocuments(page: Page, files: readonly TestFile[]): Promise<void> {
	await page.bringToFront();
	await page
		.getByRole('navigation', { name: 'Main' })
		.getByRole('link', { name: 'Memory' })
		.click();
	const chooser = page.waitForEvent('filechooser');
	await page.getByRole('button', { name: 'Add documents' }).click();
	await (await chooser).setFiles([...files]);
	const table = page.getByRole('table', { name: 'Documents' });
	for (const { name } of files) {
		await expect(table.getByRole('row').filter({ hasText: name })).toContainText('ready');
	}
	await expect(page.getByRole('progressbar')).toHaveCount(0);
}

export async function ask(page: Page, question: string): Promise<void> {
	await page.bringToFront();
	await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Chat' }).click();
	await fillIn(page.getByRole('textbox', { name: 'Message' }), question);
	await page.getByRole('button', { name: 'Send' }).click();
	await expect(page.getByRole('article', { name: 'You' }).last()).toContainText(question);
	await expect(page.getByRole('log', { name: 'Conversation' })).toHaveAttribute(
		'aria-busy',
		'false'
	);
}

/** The document of each result, best first. */
export async function search(page: Page, text: string): Promise<string[]> {
	await page.bringToFront();
	await page
		.getByRole('navigation', { name: 'Main' })
		.getByRole('link', { name: 'Memory' })
		.click();
	const box = page.getByRole('searchbox', { name: 'Search knowledge' });
	await fillIn(box, text);
	// On the box itself: a navigation that ends now takes the focus to the top of the page.
	await box.press('Enter');
	await expect(page.getByRole('search')).toHaveAttribute('aria-busy', 'false', { timeout: 60_000 });
	const items = page.getByRole('list', { name: 'Results' }).getByRole('listitem');
	await expect(items.first()).toBeVisible();
	return items.getByRole('button').allTextContents();
}

/** Pages 1 to 4 of the wizard, up to a plan that can be started. */
export async function planUpgrade(
	page: Page,
	choice: {
		readonly chat?: string | undefined;
		readonly embedding?: string | undefined;
		/** Wait before the switch until told to. */
		readonly askFirst?: boolean;
		/** Whatever the new index finds. */
		readonly uncompared?: boolean;
	}
): Promise<void> {
	await page.bringToFront();
	await page.getByRole('status', { name: 'Engine' }).getByRole('link').click();
	await page.getByRole('button', { name: 'Upgrade engine' }).click();
	await expect(page.getByRole('heading', { level: 1 })).toHaveText('Step 1 of 5: Choose');
	await chooseEngine(page, 'Chat engine', choice.chat);
	await chooseEngine(page, 'Embedding engine', choice.embedding);
	for (const title of ['Step 2 of 5: Options', 'Step 3 of 5: Backup', 'Step 4 of 5: Review']) {
		await page.getByRole('button', { name: 'Next' }).click();
		await expect(page.getByRole('heading', { level: 1 })).toHaveText(title);
		await expect(page).toHaveTitle(new RegExp(title));
		if (!title.includes('Options')) continue;
		if (choice.askFirst) await page.getByRole('radio', { name: /^Ask me first/ }).check();
		if (choice.uncompared) await page.getByRole('checkbox', { name: /^Compare the/ }).uncheck();
	}
	await expect(page.getByRole('button', { name: 'Start upgrade' })).toBeEnabled();
}

/** Starts the plan and waits for the trial. */
export async function upgrade(page: Page): Promise<void> {
	await page.getByRole('button', { name: 'Start upgrade' }).click();
	await expect(page.getByRole('progressbar', { name: 'Upgrade progress' })).toBeVisible();
	await expect(page.getByRole('status', { name: 'Engine' })).toContainText('trial', {
		timeout: 90_000
	});
}

/** Chooses by the beginning of the name. Models that are not worth a look at once stand behind a button. */
export async function chooseEngine(
	page: Page,
	group: string,
	engine: string | undefined
): Promise<void> {
	const radios = page.getByRole('radiogroup', { name: group });
	if (!engine) {
		await expect(radios.getByRole('radio', { name: /^Keep current/ })).toBeChecked();
		return;
	}
	const radio = radios.getByRole('radio', { name: new RegExp(`^${engine},`) });
	const others = page.getByRole('button', {
		name: new RegExp(`^Show all \\d+ models for ${group}`, 'i')
	});
	await expect(radio.or(others).first()).toBeVisible();
	if (!(await radio.isVisible())) await others.click();
	await radio.check();
}

/** A page that opens takes the focus, and with it what a machine types at that very moment. */
async function fillIn(box: Locator, text: string): Promise<void> {
	await expect(async () => {
		await box.fill(text);
		await expect(box).toHaveValue(text, { timeout: 500 });
	}).toPass();
}
