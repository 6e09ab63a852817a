import type { Locator, Page } from '@playwright/test';
import { markdownFile } from './documents.ts';
import { download, modelOf, openLibrary } from './library-steps.ts';
import { expect, test } from './profile.ts';
import { addDocuments, ask, chooseEngine, planUpgrade, upgrade } from './steps.ts';

const patience = { timeout: 90_000 };
const engineOf = (page: Page): Locator => page.getByRole('status', { name: 'Engine' });
const lastAnswer = (page: Page): Locator => page.getByRole('article', { name: 'Assistant' }).last();
const conversation = (page: Page): Locator => page.getByRole('log', { name: 'Conversation' });

test('an answer under way when the engine is switched ends with the engine that began it', async ({
	profile
}) => {
	test.setTimeout(300_000);
	const page = await profile.open('/');
	await addDocuments(page, [markdownFile]);
	await openLibrary(page);
	await download(modelOf(page, 'Endless Llama'));
	await planUpgrade(page, { chat: 'Endless Llama' });
	await upgrade(page);
	await engineOf(page).getByRole('button', { name: 'Keep' }).click();
	await expect(engineOf(page)).toContainText('ready', patience);

	await test.step('an upgrade of both engines waits for its moment', async () => {
		await engineOf(page).getByRole('link').click();
		await page.getByRole('button', { name: 'Upgrade engine' }).click();
		const again = page.getByRole('button', { name: 'Plan another upgrade' });
		const choose = page.getByRole('heading', { level: 1, name: 'Step 1 of 5: Choose' });
		await expect(again.or(choose).first()).toBeVisible();
		if (await again.isVisible()) await again.click();
		await chooseEngine(page, 'Chat engine', 'Starter 2');
		await chooseEngine(page, 'Embedding engine', 'Starter 2');
		await page.getByRole('button', { name: 'Next' }).click();
		await page.getByRole('radio', { name: /^Ask me first/ }).check();
		for (let next = 0; next < 2; next += 1)
			await page.getByRole('button', { name: 'Next' }).click();
		await page.getByRole('button', { name: 'Start upgrade' }).click();
		await expect(page.getByRole('button', { name: 'Switch now' })).toBeVisible(patience);
	});

	await test.step('the switch comes in the middle of an answer', async () => {
		await page
			.getByRole('navigation', { name: 'Main' })
			.getByRole('link', { name: 'Chat' })
			.click();
		await page.getByRole('textbox', { name: 'Message' }).fill('When does swarming begin?');
		await page.getByRole('button', { name: 'Send' }).click();
		await expect(lastAnswer(page)).toContainText(/( [a-z]{1,2}){5}/, patience);
		await page.goBack();
		await page.getByRole('button', { name: 'Switch now' }).click();
		await expect(engineOf(page)).toContainText('Starter 2', patience);
		await page
			.getByRole('navigation', { name: 'Main' })
			.getByRole('link', { name: 'Chat' })
			.click();
		await page.getByRole('link', { name: /When does swarming begin/ }).click();
		await expect(conversation(page)).toHaveAttribute('aria-busy', 'true');
		await expect(conversation(page)).toHaveAttribute('aria-busy', 'false', { timeout: 120_000 });
		await expect(lastAnswer(page)).toContainText('Written by Endless Llama');
		await expect(lastAnswer(page)).toContainText('Stopped at the limit of its length.');
		await expect(lastAnswer(page)).not.toContainText(/so .+ answered/);
	});

	await test.step('the next answer is the new engine’s', async () => {
		await ask(page, 'When does swarming begin?');
		await expect(lastAnswer(page)).toContainText('Extractive: Starter 2', patience);
	});
});
