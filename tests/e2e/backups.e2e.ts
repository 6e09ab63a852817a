import { readFileSync, writeFileSync } from 'node:fs';
import type { Locator, Page } from '@playwright/test';
import { markdownFile } from './documents.ts';
import { expectAccessible } from './expect-accessible.ts';
import { expect, test } from './profile.ts';
import { addDocuments, planUpgrade, upgrade } from './steps.ts';

async function openBackups(page: Page): Promise<Locator> {
	await page
		.getByRole('navigation', { name: 'Main' })
		.getByRole('link', { name: 'Memory' })
		.click();
	await page.getByRole('link', { name: 'Backups' }).click();
	await expect(page.getByRole('heading', { level: 1 })).toHaveText('Backups');
	return page.getByRole('table', { name: 'Backups' }).getByRole('row');
}

async function chooseAppearance(page: Page, name: string): Promise<void> {
	await page
		.getByRole('navigation', { name: 'Main' })
		.getByRole('link', { name: 'Settings' })
		.click();
	// What is seen of a radio is its label.
	await page.getByRole('radiogroup', { name: 'Theme' }).getByText(name).click();
	await expect(page.getByRole('radio', { name })).toBeChecked();
}

async function savedFile(page: Page, save: Locator): Promise<string> {
	const download = page.waitForEvent('download');
	await save.click();
	return (await download).path();
}

async function chooseFile(page: Page, path: string): Promise<void> {
	const chooser = page.waitForEvent('filechooser');
	await page.getByRole('button', { name: 'Restore from file…' }).click();
	await (await chooser).setFiles(path);
}

test('settings are backed up, changed and put back, and what was put away is in the list', async ({
	profile
}) => {
	const page = await profile.open('/');
	await expect(page.getByRole('status', { name: 'Engine' })).toContainText('ready');
	await chooseAppearance(page, 'Dark');
	const rows = await openBackups(page);
	await page.getByRole('button', { name: 'Back up now' }).click();
	await expect(page.getByRole('main').getByRole('status')).toContainText('checked');
	await expect(rows).toHaveCount(2);
	await expect(rows.nth(1)).toContainText('Starter 1');
	await expect(rows.nth(1)).toContainText('By hand');
	await expect(rows.nth(1)).toContainText('yes');

	await chooseAppearance(page, 'Light');
	await expect(page.locator('html')).toHaveAttribute('data-theme', 'light');
	await openBackups(page);
	await rows.nth(1).getByRole('button', { name: 'Restore…' }).press('Enter');
	const dialog = page.getByRole('dialog', { name: 'Restore this backup?' });
	await expect(dialog).toContainText('Appearance: light → dark');
	await expect(dialog).toContainText('Those of the backup are in use.');
	await expectAccessible(page, 'the question before a backup is put back');
	await dialog.getByRole('button', { name: 'Restore settings' }).press('Enter');
	await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
	await expect(rows).toHaveCount(3);
	await expect(rows.nth(1)).toContainText('Before another backup was put back');
	await expectAccessible(page, 'Backups');

	await page.reload();
	await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
	await rows.nth(1).getByRole('button', { name: 'Delete' }).click();
	await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
	await expect(rows).toHaveCount(2);
});

test('a backup that was saved as a file comes back from it, and a damaged file is refused', async ({
	profile
}, info) => {
	const page = await profile.open('/');
	await expect(page.getByRole('status', { name: 'Engine' })).toContainText('ready');
	await chooseAppearance(page, 'Dark');
	const rows = await openBackups(page);
	await page.getByRole('button', { name: 'Back up now' }).click();
	await expect(rows).toHaveCount(2);
	const path = await savedFile(page, rows.nth(1).getByRole('button', { name: 'Save as file' }));
	await rows.nth(1).getByRole('button', { name: 'Delete' }).click();
	await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
	await expect(page.getByText('No backups yet')).toBeVisible();

	const text = readFileSync(path, 'utf8');
	const damaged = info.outputPath('damaged.json');
	writeFileSync(damaged, text.replace('"dark"', '"light"'));
	await chooseFile(page, damaged);
	await expect(page.getByRole('alert')).toContainText('its fingerprint does not match');
	const half = info.outputPath('half.json');
	writeFileSync(half, text.slice(0, 99));
	await chooseFile(page, half);
	await expect(page.getByRole('alert')).toContainText('half.json is no backup that SAM can read');
	await expect(page.getByText('No backups yet')).toBeVisible();

	await chooseFile(page, path);
	await expect(rows).toHaveCount(2);
	await expect(page.getByRole('alert')).toHaveCount(0);
	await chooseAppearance(page, 'System');
	await openBackups(page);
	await rows.nth(1).getByRole('button', { name: 'Restore…' }).click();
	await page.getByRole('dialog').getByRole('button', { name: 'Restore settings' }).click();
	await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
});

test('the engines of a backup come back through the wizard, and during a trial by Undo', async ({
	profile
}) => {
	test.setTimeout(240_000);
	const page = await profile.open('/');
	const status = page.getByRole('status', { name: 'Engine' });
	await addDocuments(page, [markdownFile]);
	await planUpgrade(page, { chat: 'Starter 2', embedding: 'Starter 2' });
	await upgrade(page);

	const rows = await openBackups(page);
	await expect(rows.nth(1)).toContainText('Before the upgrade to Starter 2');
	await expect(rows.nth(1).getByRole('button', { name: 'Delete' })).toBeDisabled();
	await rows.nth(1).getByRole('button', { name: 'Restore…' }).click();
	const dialog = page.getByRole('dialog');
	await expect(dialog).toContainText('the setup from before the upgrade that is on trial');
	await expect(dialog.getByRole('button', { name: 'Undo the upgrade' })).toBeVisible();
	await page.keyboard.press('Escape');
	await status.getByRole('button', { name: 'Keep' }).click();
	await expect(status).toContainText('ready', { timeout: 60_000 });

	await rows.nth(1).getByRole('button', { name: 'Restore…' }).click();
	await expect(dialog).toContainText('Chat engine: Starter 2 → Starter 1');
	await dialog.getByRole('button', { name: 'Open the wizard' }).click();
	await expect(page.getByRole('heading', { level: 1 })).toHaveText('Step 1 of 5: Choose');
	for (const group of ['Chat engine', 'Embedding engine']) {
		const radios = page.getByRole('radiogroup', { name: group });
		await expect(radios.getByRole('radio', { name: /^Starter 1,/ })).toBeChecked();
	}
	for (const title of ['Options', 'Backup', 'Review']) {
		await page.getByRole('button', { name: 'Next' }).click();
		await expect(page.getByRole('heading', { level: 1 })).toContainText(title);
	}
	await upgrade(page);
	await expect(status).toContainText('Starter 1');
	await page.getByRole('main').getByRole('button', { name: 'Keep' }).click();
	await expect(page.getByRole('link', { name: 'Free the space now' })).toBeVisible();

	await page.getByRole('link', { name: 'History' }).click();
	const upgrades = page.getByRole('list', { name: 'Upgrades' });
	await upgrades.getByText('Details').first().click();
	await expect(upgrades.getByRole('table', { name: 'Steps of this upgrade' })).toBeVisible();
	await expectAccessible(page, 'History with details');
	const path = await savedFile(page, page.getByRole('button', { name: 'Export all as one file' }));
	const all = JSON.parse(readFileSync(path, 'utf8')) as { upgrades: unknown[] };
	expect(all.upgrades).toHaveLength(2);
});
