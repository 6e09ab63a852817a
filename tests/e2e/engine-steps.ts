import { expect, type Page } from '@playwright/test';

/** Workers of engines that are alive, oldest first. */
export const engineWorkers = (page: Page) =>
	page.workers().filter((worker) => worker.url().includes('engine'));

/** Chooses it for the open chat alone. Chosen again, it is tried again. */
export async function tryInThisChat(page: Page, name: string): Promise<void> {
	await page.getByRole('button', { name: /^Engine for this chat: / }).click();
	await page.getByRole('menuitemradio', { name, exact: true }).click();
	await expect(
		page.getByRole('button', { name: `Engine for this chat: ${name}`, exact: true })
	).toBeVisible();
}
