import type { Locator, Page } from '@playwright/test';
import { markdownFile } from './documents.ts';
import { download, modelOf, openLibrary } from './library-steps.ts';
import { expect, test } from './profile.ts';
import { addDocuments, ask, planUpgrade, upgrade } from './steps.ts';
import { storedRows } from './stored.ts';

const patience = { timeout: 60_000 };
const engineOf = (page: Page): Locator => page.getByRole('status', { name: 'Engine' });

/** Deletes what the browser keeps of models, behind the app's back, as it does itself when space is short. */
function loseModels(page: Page): Promise<number> {
	return page.evaluate(async () => {
		const cache = await caches.open('sam-models');
		const parts = await cache.keys();
		for (const part of parts) await cache.delete(part);
		return parts.length;
	});
}

async function unprovenStarts(page: Page): Promise<number | undefined> {
	interface Row {
		readonly trial: { readonly unprovenStarts: number } | null;
	}
	return (await storedRows<Row>(page, 'setup'))[0]?.trial?.unprovenStarts;
}

test('an engine on trial that does not start three times is given up by itself, and why is told', async ({
	profile
}) => {
	test.setTimeout(240_000);
	const page = await profile.open('/');
	await addDocuments(page, [markdownFile]);
	await openLibrary(page);
	await download(modelOf(page, 'Tiny Llama'));
	await planUpgrade(page, { chat: 'Tiny Llama' });
	await upgrade(page);
	await expect(engineOf(page)).toContainText('Tiny Llama');
	await expect.poll(() => unprovenStarts(page), patience).toBe(0);
	expect(await loseModels(page)).toBeGreaterThan(0);

	for (const failed of [1, 2]) {
		await page.reload();
		await expect(engineOf(page)).toContainText('instead of Tiny Llama', patience);
		await expect.poll(() => unprovenStarts(page), patience).toBe(failed);
	}
	// Meanwhile the engine before answers.
	await ask(page, 'When does swarming begin?');
	await expect(page.getByRole('article', { name: 'Assistant' }).last()).toContainText(
		'Extractive: Starter 1',
		patience
	);

	await expect(engineOf(page)).toContainText('ready', patience);
	await expect(engineOf(page)).toContainText('Starter 1');
	await expect(engineOf(page)).not.toContainText('Tiny Llama');
	const reason = /failed to start 3 times|did not start/i;
	await expect(page.getByText(reason).first()).toBeVisible();
	await page.goto(new URL('/memory/history', page.url()).href);
	await expect(page.getByRole('main').getByText(reason).first()).toBeVisible();
	await page.reload();
	await expect(engineOf(page)).toContainText('ready', patience);
	await expect(engineOf(page)).toContainText('Starter 1');
});
