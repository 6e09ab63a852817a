import { expect, type Locator, type Page } from '@playwright/test';
import type { TestHub } from './test-hub.ts';

/** What a person does with models, in their words. */

const patience = { timeout: 60_000 };

export async function openLibrary(page: Page): Promise<void> {
	await page.getByRole('status', { name: 'Engine' }).getByRole('link').click();
	await expect(page.getByRole('heading', { level: 1 })).toHaveText('Core Engines');
	await expect(page.getByRole('button', { name: 'Add model…' })).toBeEnabled();
}

/** The item of the list "Models". Two revisions of a model have the same name: `text` tells them apart. */
export function modelOf(page: Page, name: string, text: string | RegExp = ''): Locator {
	return page
		.getByRole('list', { name: 'Models' })
		.getByRole('listitem')
		.filter({ has: page.getByRole('heading', { name, exact: true }), hasText: text });
}

/** A button of that item. */
export function buttonOf(model: Locator, name: string): Locator {
	return model.getByRole('button', { name, exact: true });
}

export async function expectInstalled(model: Locator): Promise<void> {
	await expect(model).toContainText('verified ✓', patience);
	await expect(buttonOf(model, 'Verify')).toBeVisible();
}

/** Makes that hub the only one that SAM may ask. */
export async function useHub(page: Page, hub: TestHub): Promise<void> {
	await page
		.getByRole('navigation', { name: 'Main' })
		.getByRole('link', { name: 'Settings' })
		.click();
	await page.getByRole('textbox', { name: 'Mirrors' }).fill(hub.url);
	await page.getByRole('button', { name: 'Add', exact: true }).click();
	await expect(page.getByRole('list', { name: 'Mirrors' })).toContainText(hub.url);
	const official = page.getByRole('checkbox', { name: /huggingface\.co/ });
	await official.uncheck();
	await expect(official).not.toBeChecked();
}

/** Downloads a model whose files the catalog knows. */
export async function download(model: Locator): Promise<void> {
	await buttonOf(model, 'Download').click();
	await expectInstalled(model);
}

/** Starts the slow download of a model whose files the catalog knows, and waits for its first bytes. */
export async function startDownload(model: Locator): Promise<void> {
	await buttonOf(model, 'Download').click();
	await expect(model.getByRole('progressbar')).toBeVisible();
}

/** How far the download is, from 0 to 1. 0 while nothing shows it. */
export async function shareDone(model: Locator): Promise<number> {
	const bar = model.getByRole('progressbar');
	if ((await bar.count()) === 0) return 0;
	return bar.first().evaluate((element) => (element as HTMLProgressElement).value);
}
