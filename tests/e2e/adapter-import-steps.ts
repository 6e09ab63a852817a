import { expect, type Locator, type Page } from '@playwright/test';
import type { TestFile } from './documents.ts';
import { storedRows } from './stored.ts';

/** What a person does to add an adapter, in their words. */

export async function openTuner(page: Page): Promise<void> {
	await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Tuner' }).click();
	await expect(page.getByRole('heading', { level: 1 })).toHaveText('Personalized Tuner');
	await expect(page.getByRole('button', { name: 'Add adapter…' })).toBeEnabled();
}

export async function openAddAdapter(page: Page): Promise<Locator> {
	await page.getByRole('button', { name: 'Add adapter…' }).click();
	return page.getByRole('dialog', { name: 'Add an adapter' });
}

export async function chooseAdapterFiles(
	page: Page,
	dialog: Locator,
	files: ReadonlyMap<string, Uint8Array>
): Promise<void> {
	const chooser = page.waitForEvent('filechooser');
	await dialog.getByRole('button', { name: 'Choose files…' }).click();
	await (await chooser).setFiles(asFiles(files));
}

export async function lookAtAdapter(dialog: Locator, address: string): Promise<void> {
	await dialog.getByRole('textbox', { name: 'Adapter address' }).fill(address);
	await dialog.getByRole('button', { name: 'Look' }).click();
}

/** Adds what is reviewed, and waits until the page has heard of it. */
export async function addReviewed(page: Page, dialog: Locator, name: string): Promise<void> {
	await dialog.getByRole('textbox', { name: 'Name' }).fill(name);
	await dialog.getByRole('button', { name: 'Add adapter' }).click();
	await expect(dialog).toHaveCount(0);
	await expect(page.getByRole('status').filter({ hasText: `“${name}” is added.` })).toHaveCount(1);
	await expect(page.getByRole('list', { name: 'Adapters', exact: true })).toContainText(name);
}

/** What of adapters lies in the database: names, then how many parts of files. */
export async function storedAdapters(page: Page): Promise<[string[], number]> {
	const rows = await storedRows<{ readonly name: string }>(page, 'adapters');
	const parts = await storedRows(page, 'adapter-parts');
	return [rows.map(({ name }) => name).toSorted(), parts.length];
}

function asFiles(files: ReadonlyMap<string, Uint8Array>): TestFile[] {
	return [...files].map(([name, bytes]) => ({
		...{ name, mimeType: 'application/octet-stream' },
		buffer: Buffer.from(bytes)
	}));
}
